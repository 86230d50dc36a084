/*
 * Does what a test asks of a token, by pkcs11js: a program of its own, with nothing of ours. It takes
 * { module, serialNumber, pin, steps } as JSON in its only argument and prints the steps' results as JSON.
 * Bytes are hex. It lies in a folder with pkcs11js when it runs.
 */
const pkcs11js = require("pkcs11js");

const request = JSON.parse(process.argv[2]);
const module_ = new pkcs11js.PKCS11();
module_.load(request.module);
module_.C_Initialize();
const slot = module_.C_GetSlotList(true).find((each) =>
  module_.C_GetTokenInfo(each).serialNumber.trim() === request.serialNumber
);
const session = module_.C_OpenSession(
  slot,
  pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION,
);
module_.C_Login(session, pkcs11js.CKU_USER, request.pin);
const steps = { objects, sign, verify, decrypt, generatePair };
const results = request.steps.map((step) => steps[step.do](step));
module_.C_Finalize();
process.stdout.write(JSON.stringify(results));

/** All objects: class, id and label, and the attributes that are asked for by name. */
function objects({ attributes }) {
  return find([]).map((handle) =>
    Object.fromEntries(
      ["CKA_CLASS", "CKA_ID", "CKA_LABEL", ...attributes].map((
        name,
      ) => [name, read(handle, name)]),
    )
  );
}

function read(handle, name) {
  try {
    return module_.C_GetAttributeValue(session, handle, [{
      type: pkcs11js[name],
    }])[0].value
      .toString("hex");
  } catch {
    return null;
  }
}

function sign({ id, mechanism, data }) {
  module_.C_SignInit(
    session,
    mechanismOf(mechanism),
    keyWith(id, "CKO_PRIVATE_KEY"),
  );
  return module_.C_Sign(session, Buffer.from(data, "hex"), Buffer.alloc(1024))
    .toString("hex");
}

function verify({ id, mechanism, data, signature }) {
  module_.C_VerifyInit(
    session,
    mechanismOf(mechanism),
    keyWith(id, "CKO_PUBLIC_KEY"),
  );
  try {
    return module_.C_Verify(
      session,
      Buffer.from(data, "hex"),
      Buffer.from(signature, "hex"),
    );
  } catch (error) {
    return error.message;
  }
}

function decrypt({ id, keyClass, mechanism, data }) {
  module_.C_DecryptInit(session, mechanismOf(mechanism), keyWith(id, keyClass));
  return module_.C_Decrypt(
    session,
    Buffer.from(data, "hex"),
    Buffer.alloc(1024),
  ).toString("hex");
}

/** A P-256 key pair as any application makes it. */
function generatePair({ id, label }) {
  const common = [
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_ID, value: Buffer.from(id, "hex") },
    { type: pkcs11js.CKA_LABEL, value: label },
  ];
  module_.C_GenerateKeyPair(
    session,
    { mechanism: pkcs11js.CKM_EC_KEY_PAIR_GEN },
    [
      ...common,
      { type: pkcs11js.CKA_VERIFY, value: true },
      {
        type: pkcs11js.CKA_EC_PARAMS,
        value: Buffer.from("06082a8648ce3d030107", "hex"),
      },
    ],
    [...common, { type: pkcs11js.CKA_PRIVATE, value: true }, {
      type: pkcs11js.CKA_SIGN,
      value: true,
    }],
  );
  return null;
}

function mechanismOf({ name, parameter }) {
  const mechanism = { mechanism: pkcs11js[name] };
  if (parameter === undefined) return mechanism;
  if (typeof parameter === "string") {
    return { ...mechanism, parameter: Buffer.from(parameter, "hex") };
  }
  const values = Object.entries(parameter).map(([field, value]) => [
    field,
    typeof value === "string" ? pkcs11js[value] : value,
  ]);
  return { ...mechanism, parameter: Object.fromEntries(values) };
}

function keyWith(id, keyClass) {
  const handles = find([
    { type: pkcs11js.CKA_CLASS, value: pkcs11js[keyClass] },
    { type: pkcs11js.CKA_ID, value: Buffer.from(id, "hex") },
  ]);
  if (handles.length !== 1) {
    throw new Error(`${handles.length} objects with ID ${id}`);
  }
  return handles[0];
}

function find(template) {
  module_.C_FindObjectsInit(session, template);
  const handles = module_.C_FindObjects(session, 1000);
  module_.C_FindObjectsFinal(session);
  return handles;
}
