// @ts-self-types="./contracts.d.ts"
// Made from the contracts by proto/generate.ts; not to be edited.
import $protobuf from "protobufjs/minimal";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["parsec"] || ($protobuf.roots["parsec"] = {});

export const attest_key = $root.attest_key = (() => {

    const attest_key = {};

    attest_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.attested_key_name = "";
        Operation.prototype.parameters = null;
        Operation.prototype.attesting_key_name = "";

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.attested_key_name != null && $Object.hasOwnProperty.call(message, "attested_key_name") && message.attested_key_name !== "")
                writer.uint32(10).string(message.attested_key_name);
            if (message.parameters != null && $Object.hasOwnProperty.call(message, "parameters"))
                $root.attest_key.AttestationMechanismParams.encode(message.parameters, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.attesting_key_name != null && $Object.hasOwnProperty.call(message, "attesting_key_name") && message.attesting_key_name !== "")
                writer.uint32(26).string(message.attesting_key_name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.attest_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.attested_key_name = value;
                        else
                            delete message.attested_key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.parameters = $root.attest_key.AttestationMechanismParams.decode(reader, reader.size(), $undefined, _depth + 1, message.parameters);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.attesting_key_name = value;
                        else
                            delete message.attesting_key_name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    attest_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.output = null;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.output != null && $Object.hasOwnProperty.call(message, "output"))
                $root.attest_key.AttestationOutput.encode(message.output, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.attest_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.output = $root.attest_key.AttestationOutput.decode(reader, reader.size(), $undefined, _depth + 1, message.output);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    attest_key.AttestationMechanismParams = (function() {

        const AttestationMechanismParams = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AttestationMechanismParams.prototype.activate_credential = null;

        let $oneOfFields;

        $Object.defineProperty(AttestationMechanismParams.prototype, "mechanism", {
            get: $util.oneOfGetter($oneOfFields = ["activate_credential"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        AttestationMechanismParams.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.activate_credential != null && $Object.hasOwnProperty.call(message, "activate_credential"))
                $root.attest_key.AttestationMechanismParams.ActivateCredential.encode(message.activate_credential, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AttestationMechanismParams.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.attest_key.AttestationMechanismParams();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.activate_credential = $root.attest_key.AttestationMechanismParams.ActivateCredential.decode(reader, reader.size(), $undefined, _depth + 1, message.activate_credential);
                        message.mechanism = "activate_credential";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        AttestationMechanismParams.ActivateCredential = (function() {

            const ActivateCredential = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ActivateCredential.prototype.credential_blob = new Uint8Array(0);
            ActivateCredential.prototype.secret = new Uint8Array(0);

            ActivateCredential.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.credential_blob != null && $Object.hasOwnProperty.call(message, "credential_blob") && message.credential_blob.length)
                    writer.uint32(10).bytes(message.credential_blob);
                if (message.secret != null && $Object.hasOwnProperty.call(message, "secret") && message.secret.length)
                    writer.uint32(18).bytes(message.secret);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ActivateCredential.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.attest_key.AttestationMechanismParams.ActivateCredential();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.credential_blob = value;
                            else
                                delete message.credential_blob;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.secret = value;
                            else
                                delete message.secret;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ActivateCredential;
        })();

        return AttestationMechanismParams;
    })();

    attest_key.AttestationOutput = (function() {

        const AttestationOutput = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AttestationOutput.prototype.activate_credential = null;

        let $oneOfFields;

        $Object.defineProperty(AttestationOutput.prototype, "mechanism", {
            get: $util.oneOfGetter($oneOfFields = ["activate_credential"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        AttestationOutput.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.activate_credential != null && $Object.hasOwnProperty.call(message, "activate_credential"))
                $root.attest_key.AttestationOutput.ActivateCredential.encode(message.activate_credential, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AttestationOutput.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.attest_key.AttestationOutput();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.activate_credential = $root.attest_key.AttestationOutput.ActivateCredential.decode(reader, reader.size(), $undefined, _depth + 1, message.activate_credential);
                        message.mechanism = "activate_credential";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        AttestationOutput.ActivateCredential = (function() {

            const ActivateCredential = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ActivateCredential.prototype.credential = new Uint8Array(0);

            ActivateCredential.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.credential != null && $Object.hasOwnProperty.call(message, "credential") && message.credential.length)
                    writer.uint32(10).bytes(message.credential);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ActivateCredential.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.attest_key.AttestationOutput.ActivateCredential();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.credential = value;
                            else
                                delete message.credential;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ActivateCredential;
        })();

        return AttestationOutput;
    })();

    return attest_key;
})();

export const can_do_crypto = $root.can_do_crypto = (() => {

    const can_do_crypto = {};

    can_do_crypto.CheckType = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "CHECK_TYPE_NONE"] = 0;
        values[valuesById[1] = "USE"] = 1;
        values[valuesById[2] = "GENERATE"] = 2;
        values[valuesById[3] = "IMPORT"] = 3;
        values[valuesById[4] = "DERIVE"] = 4;
        return values;
    })();

    can_do_crypto.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.check_type = 0;
        Operation.prototype.attributes = null;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.check_type != null && $Object.hasOwnProperty.call(message, "check_type") && message.check_type !== 0)
                writer.uint32(8).int32(message.check_type);
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                $root.psa_key_attributes.KeyAttributes.encode(message.attributes, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.can_do_crypto.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.int32())
                            message.check_type = value;
                        else
                            delete message.check_type;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.attributes = $root.psa_key_attributes.KeyAttributes.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    can_do_crypto.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.can_do_crypto.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return can_do_crypto;
})();

export const psa_key_attributes = $root.psa_key_attributes = (() => {

    const psa_key_attributes = {};

    psa_key_attributes.KeyAttributes = (function() {

        const KeyAttributes = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyAttributes.prototype.key_type = null;
        KeyAttributes.prototype.key_bits = 0;
        KeyAttributes.prototype.key_policy = null;

        KeyAttributes.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_type != null && $Object.hasOwnProperty.call(message, "key_type"))
                $root.psa_key_attributes.KeyType.encode(message.key_type, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.key_bits != null && $Object.hasOwnProperty.call(message, "key_bits") && message.key_bits !== 0)
                writer.uint32(16).uint32(message.key_bits);
            if (message.key_policy != null && $Object.hasOwnProperty.call(message, "key_policy"))
                $root.psa_key_attributes.KeyPolicy.encode(message.key_policy, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyAttributes.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_attributes.KeyAttributes();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_type = $root.psa_key_attributes.KeyType.decode(reader, reader.size(), $undefined, _depth + 1, message.key_type);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.key_bits = value;
                        else
                            delete message.key_bits;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_policy = $root.psa_key_attributes.KeyPolicy.decode(reader, reader.size(), $undefined, _depth + 1, message.key_policy);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return KeyAttributes;
    })();

    psa_key_attributes.KeyType = (function() {

        const KeyType = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyType.prototype.raw_data = null;
        KeyType.prototype.hmac = null;
        KeyType.prototype.derive = null;
        KeyType.prototype.aes = null;
        KeyType.prototype.des = null;
        KeyType.prototype.camellia = null;
        KeyType.prototype.arc4 = null;
        KeyType.prototype.chacha20 = null;
        KeyType.prototype.rsa_public_key = null;
        KeyType.prototype.rsa_key_pair = null;
        KeyType.prototype.ecc_key_pair = null;
        KeyType.prototype.ecc_public_key = null;
        KeyType.prototype.dh_key_pair = null;
        KeyType.prototype.dh_public_key = null;

        let $oneOfFields;

        $Object.defineProperty(KeyType.prototype, "variant", {
            get: $util.oneOfGetter($oneOfFields = ["raw_data", "hmac", "derive", "aes", "des", "camellia", "arc4", "chacha20", "rsa_public_key", "rsa_key_pair", "ecc_key_pair", "ecc_public_key", "dh_key_pair", "dh_public_key"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        KeyType.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.raw_data != null && $Object.hasOwnProperty.call(message, "raw_data"))
                $root.psa_key_attributes.KeyType.RawData.encode(message.raw_data, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.hmac != null && $Object.hasOwnProperty.call(message, "hmac"))
                $root.psa_key_attributes.KeyType.Hmac.encode(message.hmac, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.derive != null && $Object.hasOwnProperty.call(message, "derive"))
                $root.psa_key_attributes.KeyType.Derive.encode(message.derive, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.aes != null && $Object.hasOwnProperty.call(message, "aes"))
                $root.psa_key_attributes.KeyType.Aes.encode(message.aes, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.des != null && $Object.hasOwnProperty.call(message, "des"))
                $root.psa_key_attributes.KeyType.Des.encode(message.des, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.camellia != null && $Object.hasOwnProperty.call(message, "camellia"))
                $root.psa_key_attributes.KeyType.Camellia.encode(message.camellia, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.arc4 != null && $Object.hasOwnProperty.call(message, "arc4"))
                $root.psa_key_attributes.KeyType.Arc4.encode(message.arc4, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.chacha20 != null && $Object.hasOwnProperty.call(message, "chacha20"))
                $root.psa_key_attributes.KeyType.Chacha20.encode(message.chacha20, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.rsa_public_key != null && $Object.hasOwnProperty.call(message, "rsa_public_key"))
                $root.psa_key_attributes.KeyType.RsaPublicKey.encode(message.rsa_public_key, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.rsa_key_pair != null && $Object.hasOwnProperty.call(message, "rsa_key_pair"))
                $root.psa_key_attributes.KeyType.RsaKeyPair.encode(message.rsa_key_pair, writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.ecc_key_pair != null && $Object.hasOwnProperty.call(message, "ecc_key_pair"))
                $root.psa_key_attributes.KeyType.EccKeyPair.encode(message.ecc_key_pair, writer.uint32(90).fork(), _depth + 1).ldelim();
            if (message.ecc_public_key != null && $Object.hasOwnProperty.call(message, "ecc_public_key"))
                $root.psa_key_attributes.KeyType.EccPublicKey.encode(message.ecc_public_key, writer.uint32(98).fork(), _depth + 1).ldelim();
            if (message.dh_key_pair != null && $Object.hasOwnProperty.call(message, "dh_key_pair"))
                $root.psa_key_attributes.KeyType.DhKeyPair.encode(message.dh_key_pair, writer.uint32(106).fork(), _depth + 1).ldelim();
            if (message.dh_public_key != null && $Object.hasOwnProperty.call(message, "dh_public_key"))
                $root.psa_key_attributes.KeyType.DhPublicKey.encode(message.dh_public_key, writer.uint32(114).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyType.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_attributes.KeyType();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.raw_data = $root.psa_key_attributes.KeyType.RawData.decode(reader, reader.size(), $undefined, _depth + 1, message.raw_data);
                        message.variant = "raw_data";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.hmac = $root.psa_key_attributes.KeyType.Hmac.decode(reader, reader.size(), $undefined, _depth + 1, message.hmac);
                        message.variant = "hmac";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.derive = $root.psa_key_attributes.KeyType.Derive.decode(reader, reader.size(), $undefined, _depth + 1, message.derive);
                        message.variant = "derive";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.aes = $root.psa_key_attributes.KeyType.Aes.decode(reader, reader.size(), $undefined, _depth + 1, message.aes);
                        message.variant = "aes";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.des = $root.psa_key_attributes.KeyType.Des.decode(reader, reader.size(), $undefined, _depth + 1, message.des);
                        message.variant = "des";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.camellia = $root.psa_key_attributes.KeyType.Camellia.decode(reader, reader.size(), $undefined, _depth + 1, message.camellia);
                        message.variant = "camellia";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.arc4 = $root.psa_key_attributes.KeyType.Arc4.decode(reader, reader.size(), $undefined, _depth + 1, message.arc4);
                        message.variant = "arc4";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.chacha20 = $root.psa_key_attributes.KeyType.Chacha20.decode(reader, reader.size(), $undefined, _depth + 1, message.chacha20);
                        message.variant = "chacha20";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.rsa_public_key = $root.psa_key_attributes.KeyType.RsaPublicKey.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_public_key);
                        message.variant = "rsa_public_key";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.rsa_key_pair = $root.psa_key_attributes.KeyType.RsaKeyPair.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_key_pair);
                        message.variant = "rsa_key_pair";
                        continue;
                    }
                case 11: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.ecc_key_pair = $root.psa_key_attributes.KeyType.EccKeyPair.decode(reader, reader.size(), $undefined, _depth + 1, message.ecc_key_pair);
                        message.variant = "ecc_key_pair";
                        continue;
                    }
                case 12: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.ecc_public_key = $root.psa_key_attributes.KeyType.EccPublicKey.decode(reader, reader.size(), $undefined, _depth + 1, message.ecc_public_key);
                        message.variant = "ecc_public_key";
                        continue;
                    }
                case 13: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.dh_key_pair = $root.psa_key_attributes.KeyType.DhKeyPair.decode(reader, reader.size(), $undefined, _depth + 1, message.dh_key_pair);
                        message.variant = "dh_key_pair";
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.dh_public_key = $root.psa_key_attributes.KeyType.DhPublicKey.decode(reader, reader.size(), $undefined, _depth + 1, message.dh_public_key);
                        message.variant = "dh_public_key";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        KeyType.RawData = (function() {

            const RawData = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RawData.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RawData.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.RawData();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RawData;
        })();

        KeyType.Hmac = (function() {

            const Hmac = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Hmac.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Hmac.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Hmac();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Hmac;
        })();

        KeyType.Derive = (function() {

            const Derive = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Derive.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Derive.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Derive();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Derive;
        })();

        KeyType.Aes = (function() {

            const Aes = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Aes.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Aes.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Aes();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Aes;
        })();

        KeyType.Des = (function() {

            const Des = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Des.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Des.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Des();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Des;
        })();

        KeyType.Camellia = (function() {

            const Camellia = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Camellia.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Camellia.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Camellia();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Camellia;
        })();

        KeyType.Arc4 = (function() {

            const Arc4 = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Arc4.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Arc4.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Arc4();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Arc4;
        })();

        KeyType.Chacha20 = (function() {

            const Chacha20 = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Chacha20.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Chacha20.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.Chacha20();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Chacha20;
        })();

        KeyType.RsaPublicKey = (function() {

            const RsaPublicKey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RsaPublicKey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RsaPublicKey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.RsaPublicKey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RsaPublicKey;
        })();

        KeyType.RsaKeyPair = (function() {

            const RsaKeyPair = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RsaKeyPair.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RsaKeyPair.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.RsaKeyPair();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RsaKeyPair;
        })();

        KeyType.EccFamily = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "ECC_FAMILY_NONE"] = 0;
            values[valuesById[1] = "SECP_K1"] = 1;
            values[valuesById[2] = "SECP_R1"] = 2;
            values[valuesById[3] = "SECP_R2"] = 3;
            values[valuesById[4] = "SECT_K1"] = 4;
            values[valuesById[5] = "SECT_R1"] = 5;
            values[valuesById[6] = "SECT_R2"] = 6;
            values[valuesById[7] = "BRAINPOOL_P_R1"] = 7;
            values[valuesById[8] = "FRP"] = 8;
            values[valuesById[9] = "MONTGOMERY"] = 9;
            return values;
        })();

        KeyType.EccKeyPair = (function() {

            const EccKeyPair = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            EccKeyPair.prototype.curve_family = 0;

            EccKeyPair.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.curve_family != null && $Object.hasOwnProperty.call(message, "curve_family") && message.curve_family !== 0)
                    writer.uint32(8).int32(message.curve_family);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            EccKeyPair.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.EccKeyPair();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.curve_family = value;
                            else
                                delete message.curve_family;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EccKeyPair;
        })();

        KeyType.EccPublicKey = (function() {

            const EccPublicKey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            EccPublicKey.prototype.curve_family = 0;

            EccPublicKey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.curve_family != null && $Object.hasOwnProperty.call(message, "curve_family") && message.curve_family !== 0)
                    writer.uint32(8).int32(message.curve_family);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            EccPublicKey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.EccPublicKey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.curve_family = value;
                            else
                                delete message.curve_family;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EccPublicKey;
        })();

        KeyType.DhFamily = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "RFC7919"] = 0;
            return values;
        })();

        KeyType.DhKeyPair = (function() {

            const DhKeyPair = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DhKeyPair.prototype.group_family = 0;

            DhKeyPair.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.group_family != null && $Object.hasOwnProperty.call(message, "group_family") && message.group_family !== 0)
                    writer.uint32(8).int32(message.group_family);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DhKeyPair.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.DhKeyPair();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.group_family = value;
                            else
                                delete message.group_family;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DhKeyPair;
        })();

        KeyType.DhPublicKey = (function() {

            const DhPublicKey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DhPublicKey.prototype.group_family = 0;

            DhPublicKey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.group_family != null && $Object.hasOwnProperty.call(message, "group_family") && message.group_family !== 0)
                    writer.uint32(8).int32(message.group_family);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DhPublicKey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_attributes.KeyType.DhPublicKey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.group_family = value;
                            else
                                delete message.group_family;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return DhPublicKey;
        })();

        return KeyType;
    })();

    psa_key_attributes.KeyPolicy = (function() {

        const KeyPolicy = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyPolicy.prototype.key_usage_flags = null;
        KeyPolicy.prototype.key_algorithm = null;

        KeyPolicy.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_usage_flags != null && $Object.hasOwnProperty.call(message, "key_usage_flags"))
                $root.psa_key_attributes.UsageFlags.encode(message.key_usage_flags, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.key_algorithm != null && $Object.hasOwnProperty.call(message, "key_algorithm"))
                $root.psa_algorithm.Algorithm.encode(message.key_algorithm, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyPolicy.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_attributes.KeyPolicy();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_usage_flags = $root.psa_key_attributes.UsageFlags.decode(reader, reader.size(), $undefined, _depth + 1, message.key_usage_flags);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_algorithm = $root.psa_algorithm.Algorithm.decode(reader, reader.size(), $undefined, _depth + 1, message.key_algorithm);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return KeyPolicy;
    })();

    psa_key_attributes.UsageFlags = (function() {

        const UsageFlags = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        UsageFlags.prototype["export"] = false;
        UsageFlags.prototype.copy = false;
        UsageFlags.prototype.cache = false;
        UsageFlags.prototype.encrypt = false;
        UsageFlags.prototype.decrypt = false;
        UsageFlags.prototype.sign_message = false;
        UsageFlags.prototype.verify_message = false;
        UsageFlags.prototype.sign_hash = false;
        UsageFlags.prototype.verify_hash = false;
        UsageFlags.prototype.derive = false;

        UsageFlags.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message["export"] != null && $Object.hasOwnProperty.call(message, "export") && message["export"] !== false)
                writer.uint32(8).bool(message["export"]);
            if (message.copy != null && $Object.hasOwnProperty.call(message, "copy") && message.copy !== false)
                writer.uint32(16).bool(message.copy);
            if (message.cache != null && $Object.hasOwnProperty.call(message, "cache") && message.cache !== false)
                writer.uint32(24).bool(message.cache);
            if (message.encrypt != null && $Object.hasOwnProperty.call(message, "encrypt") && message.encrypt !== false)
                writer.uint32(32).bool(message.encrypt);
            if (message.decrypt != null && $Object.hasOwnProperty.call(message, "decrypt") && message.decrypt !== false)
                writer.uint32(40).bool(message.decrypt);
            if (message.sign_message != null && $Object.hasOwnProperty.call(message, "sign_message") && message.sign_message !== false)
                writer.uint32(48).bool(message.sign_message);
            if (message.verify_message != null && $Object.hasOwnProperty.call(message, "verify_message") && message.verify_message !== false)
                writer.uint32(56).bool(message.verify_message);
            if (message.sign_hash != null && $Object.hasOwnProperty.call(message, "sign_hash") && message.sign_hash !== false)
                writer.uint32(64).bool(message.sign_hash);
            if (message.verify_hash != null && $Object.hasOwnProperty.call(message, "verify_hash") && message.verify_hash !== false)
                writer.uint32(72).bool(message.verify_hash);
            if (message.derive != null && $Object.hasOwnProperty.call(message, "derive") && message.derive !== false)
                writer.uint32(80).bool(message.derive);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        UsageFlags.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_attributes.UsageFlags();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message["export"] = value;
                        else
                            delete message["export"];
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.copy = value;
                        else
                            delete message.copy;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.cache = value;
                        else
                            delete message.cache;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.encrypt = value;
                        else
                            delete message.encrypt;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.decrypt = value;
                        else
                            delete message.decrypt;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.sign_message = value;
                        else
                            delete message.sign_message;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.verify_message = value;
                        else
                            delete message.verify_message;
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.sign_hash = value;
                        else
                            delete message.sign_hash;
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.verify_hash = value;
                        else
                            delete message.verify_hash;
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.derive = value;
                        else
                            delete message.derive;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return UsageFlags;
    })();

    return psa_key_attributes;
})();

export const psa_algorithm = $root.psa_algorithm = (() => {

    const psa_algorithm = {};

    psa_algorithm.Algorithm = (function() {

        const Algorithm = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Algorithm.prototype.none = null;
        Algorithm.prototype.hash = null;
        Algorithm.prototype.mac = null;
        Algorithm.prototype.cipher = null;
        Algorithm.prototype.aead = null;
        Algorithm.prototype.asymmetric_signature = null;
        Algorithm.prototype.asymmetric_encryption = null;
        Algorithm.prototype.key_agreement = null;
        Algorithm.prototype.key_derivation = null;

        let $oneOfFields;

        $Object.defineProperty(Algorithm.prototype, "variant", {
            get: $util.oneOfGetter($oneOfFields = ["none", "hash", "mac", "cipher", "aead", "asymmetric_signature", "asymmetric_encryption", "key_agreement", "key_derivation"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        Algorithm.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.none != null && $Object.hasOwnProperty.call(message, "none"))
                $root.psa_algorithm.Algorithm.None.encode(message.none, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.hash != null && $Object.hasOwnProperty.call(message, "hash"))
                writer.uint32(16).int32(message.hash);
            if (message.mac != null && $Object.hasOwnProperty.call(message, "mac"))
                $root.psa_algorithm.Algorithm.Mac.encode(message.mac, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.cipher != null && $Object.hasOwnProperty.call(message, "cipher"))
                writer.uint32(32).int32(message.cipher);
            if (message.aead != null && $Object.hasOwnProperty.call(message, "aead"))
                $root.psa_algorithm.Algorithm.Aead.encode(message.aead, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.asymmetric_signature != null && $Object.hasOwnProperty.call(message, "asymmetric_signature"))
                $root.psa_algorithm.Algorithm.AsymmetricSignature.encode(message.asymmetric_signature, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.asymmetric_encryption != null && $Object.hasOwnProperty.call(message, "asymmetric_encryption"))
                $root.psa_algorithm.Algorithm.AsymmetricEncryption.encode(message.asymmetric_encryption, writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.key_agreement != null && $Object.hasOwnProperty.call(message, "key_agreement"))
                $root.psa_algorithm.Algorithm.KeyAgreement.encode(message.key_agreement, writer.uint32(66).fork(), _depth + 1).ldelim();
            if (message.key_derivation != null && $Object.hasOwnProperty.call(message, "key_derivation"))
                $root.psa_algorithm.Algorithm.KeyDerivation.encode(message.key_derivation, writer.uint32(74).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Algorithm.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_algorithm.Algorithm();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.none = $root.psa_algorithm.Algorithm.None.decode(reader, reader.size(), $undefined, _depth + 1, message.none);
                        message.variant = "none";
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        message.hash = reader.int32();
                        message.variant = "hash";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.mac = $root.psa_algorithm.Algorithm.Mac.decode(reader, reader.size(), $undefined, _depth + 1, message.mac);
                        message.variant = "mac";
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        message.cipher = reader.int32();
                        message.variant = "cipher";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.aead = $root.psa_algorithm.Algorithm.Aead.decode(reader, reader.size(), $undefined, _depth + 1, message.aead);
                        message.variant = "aead";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.asymmetric_signature = $root.psa_algorithm.Algorithm.AsymmetricSignature.decode(reader, reader.size(), $undefined, _depth + 1, message.asymmetric_signature);
                        message.variant = "asymmetric_signature";
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.asymmetric_encryption = $root.psa_algorithm.Algorithm.AsymmetricEncryption.decode(reader, reader.size(), $undefined, _depth + 1, message.asymmetric_encryption);
                        message.variant = "asymmetric_encryption";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_agreement = $root.psa_algorithm.Algorithm.KeyAgreement.decode(reader, reader.size(), $undefined, _depth + 1, message.key_agreement);
                        message.variant = "key_agreement";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_derivation = $root.psa_algorithm.Algorithm.KeyDerivation.decode(reader, reader.size(), $undefined, _depth + 1, message.key_derivation);
                        message.variant = "key_derivation";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        Algorithm.None = (function() {

            const None = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            None.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            None.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.None();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag >>> 3);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return None;
        })();

        Algorithm.Hash = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "HASH_NONE"] = 0;
            values[valuesById[1] = "MD2"] = 1;
            values[valuesById[2] = "MD4"] = 2;
            values[valuesById[3] = "MD5"] = 3;
            values[valuesById[4] = "RIPEMD160"] = 4;
            values[valuesById[5] = "SHA_1"] = 5;
            values[valuesById[6] = "SHA_224"] = 6;
            values[valuesById[7] = "SHA_256"] = 7;
            values[valuesById[8] = "SHA_384"] = 8;
            values[valuesById[9] = "SHA_512"] = 9;
            values[valuesById[10] = "SHA_512_224"] = 10;
            values[valuesById[11] = "SHA_512_256"] = 11;
            values[valuesById[12] = "SHA3_224"] = 12;
            values[valuesById[13] = "SHA3_256"] = 13;
            values[valuesById[14] = "SHA3_384"] = 14;
            values[valuesById[15] = "SHA3_512"] = 15;
            return values;
        })();

        Algorithm.Mac = (function() {

            const Mac = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Mac.prototype.full_length = null;
            Mac.prototype.truncated = null;

            let $oneOfFields;

            $Object.defineProperty(Mac.prototype, "variant", {
                get: $util.oneOfGetter($oneOfFields = ["full_length", "truncated"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Mac.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.full_length != null && $Object.hasOwnProperty.call(message, "full_length"))
                    $root.psa_algorithm.Algorithm.Mac.FullLength.encode(message.full_length, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.truncated != null && $Object.hasOwnProperty.call(message, "truncated"))
                    $root.psa_algorithm.Algorithm.Mac.Truncated.encode(message.truncated, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Mac.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.Mac();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.full_length = $root.psa_algorithm.Algorithm.Mac.FullLength.decode(reader, reader.size(), $undefined, _depth + 1, message.full_length);
                            message.variant = "full_length";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.truncated = $root.psa_algorithm.Algorithm.Mac.Truncated.decode(reader, reader.size(), $undefined, _depth + 1, message.truncated);
                            message.variant = "truncated";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Mac.FullLength = (function() {

                const FullLength = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                FullLength.prototype.hmac = null;
                FullLength.prototype.cbc_mac = null;
                FullLength.prototype.cmac = null;

                let $oneOfFields;

                $Object.defineProperty(FullLength.prototype, "variant", {
                    get: $util.oneOfGetter($oneOfFields = ["hmac", "cbc_mac", "cmac"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                FullLength.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hmac != null && $Object.hasOwnProperty.call(message, "hmac"))
                        $root.psa_algorithm.Algorithm.Mac.FullLength.Hmac.encode(message.hmac, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.cbc_mac != null && $Object.hasOwnProperty.call(message, "cbc_mac"))
                        $root.psa_algorithm.Algorithm.Mac.FullLength.CbcMac.encode(message.cbc_mac, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.cmac != null && $Object.hasOwnProperty.call(message, "cmac"))
                        $root.psa_algorithm.Algorithm.Mac.FullLength.Cmac.encode(message.cmac, writer.uint32(26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                FullLength.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.Mac.FullLength();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.hmac = $root.psa_algorithm.Algorithm.Mac.FullLength.Hmac.decode(reader, reader.size(), $undefined, _depth + 1, message.hmac);
                                message.variant = "hmac";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.cbc_mac = $root.psa_algorithm.Algorithm.Mac.FullLength.CbcMac.decode(reader, reader.size(), $undefined, _depth + 1, message.cbc_mac);
                                message.variant = "cbc_mac";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.cmac = $root.psa_algorithm.Algorithm.Mac.FullLength.Cmac.decode(reader, reader.size(), $undefined, _depth + 1, message.cmac);
                                message.variant = "cmac";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                FullLength.Hmac = (function() {

                    const Hmac = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    Hmac.prototype.hash_alg = 0;

                    Hmac.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                            writer.uint32(8).int32(message.hash_alg);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    Hmac.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message, value;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.psa_algorithm.Algorithm.Mac.FullLength.Hmac();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 1: {
                                    if (wireType !== 0)
                                        throw $Error("wrong wire type");
                                    if (value = reader.int32())
                                        message.hash_alg = value;
                                    else
                                        delete message.hash_alg;
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return Hmac;
                })();

                FullLength.CbcMac = (function() {

                    const CbcMac = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    CbcMac.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    CbcMac.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.psa_algorithm.Algorithm.Mac.FullLength.CbcMac();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            reader.skipType(tag & 7, _depth, tag >>> 3);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return CbcMac;
                })();

                FullLength.Cmac = (function() {

                    const Cmac = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    Cmac.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    Cmac.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.psa_algorithm.Algorithm.Mac.FullLength.Cmac();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            reader.skipType(tag & 7, _depth, tag >>> 3);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return Cmac;
                })();

                return FullLength;
            })();

            Mac.Truncated = (function() {

                const Truncated = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Truncated.prototype.mac_alg = null;
                Truncated.prototype.mac_length = 0;

                Truncated.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.mac_alg != null && $Object.hasOwnProperty.call(message, "mac_alg"))
                        $root.psa_algorithm.Algorithm.Mac.FullLength.encode(message.mac_alg, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.mac_length != null && $Object.hasOwnProperty.call(message, "mac_length") && message.mac_length !== 0)
                        writer.uint32(16).uint32(message.mac_length);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Truncated.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.Mac.Truncated();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.mac_alg = $root.psa_algorithm.Algorithm.Mac.FullLength.decode(reader, reader.size(), $undefined, _depth + 1, message.mac_alg);
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.mac_length = value;
                                else
                                    delete message.mac_length;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Truncated;
            })();

            return Mac;
        })();

        Algorithm.Cipher = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "CIPHER_NONE"] = 0;
            values[valuesById[1] = "STREAM_CIPHER"] = 1;
            values[valuesById[2] = "CTR"] = 2;
            values[valuesById[3] = "CFB"] = 3;
            values[valuesById[4] = "OFB"] = 4;
            values[valuesById[5] = "XTS"] = 5;
            values[valuesById[6] = "ECB_NO_PADDING"] = 6;
            values[valuesById[7] = "CBC_NO_PADDING"] = 7;
            values[valuesById[8] = "CBC_PKCS7"] = 8;
            return values;
        })();

        Algorithm.Aead = (function() {

            const Aead = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Aead.prototype.aead_with_default_length_tag = null;
            Aead.prototype.aead_with_shortened_tag = null;

            let $oneOfFields;

            $Object.defineProperty(Aead.prototype, "variant", {
                get: $util.oneOfGetter($oneOfFields = ["aead_with_default_length_tag", "aead_with_shortened_tag"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Aead.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.aead_with_default_length_tag != null && $Object.hasOwnProperty.call(message, "aead_with_default_length_tag"))
                    writer.uint32(8).int32(message.aead_with_default_length_tag);
                if (message.aead_with_shortened_tag != null && $Object.hasOwnProperty.call(message, "aead_with_shortened_tag"))
                    $root.psa_algorithm.Algorithm.Aead.AeadWithShortenedTag.encode(message.aead_with_shortened_tag, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Aead.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.Aead();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            message.aead_with_default_length_tag = reader.int32();
                            message.variant = "aead_with_default_length_tag";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.aead_with_shortened_tag = $root.psa_algorithm.Algorithm.Aead.AeadWithShortenedTag.decode(reader, reader.size(), $undefined, _depth + 1, message.aead_with_shortened_tag);
                            message.variant = "aead_with_shortened_tag";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Aead.AeadWithDefaultLengthTag = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "AEAD_WITH_DEFAULT_LENGTH_TAG_NONE"] = 0;
                values[valuesById[1] = "CCM"] = 1;
                values[valuesById[2] = "GCM"] = 2;
                values[valuesById[3] = "CHACHA20_POLY1305"] = 3;
                return values;
            })();

            Aead.AeadWithShortenedTag = (function() {

                const AeadWithShortenedTag = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                AeadWithShortenedTag.prototype.aead_alg = 0;
                AeadWithShortenedTag.prototype.tag_length = 0;

                AeadWithShortenedTag.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.aead_alg != null && $Object.hasOwnProperty.call(message, "aead_alg") && message.aead_alg !== 0)
                        writer.uint32(8).int32(message.aead_alg);
                    if (message.tag_length != null && $Object.hasOwnProperty.call(message, "tag_length") && message.tag_length !== 0)
                        writer.uint32(16).uint32(message.tag_length);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                AeadWithShortenedTag.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.Aead.AeadWithShortenedTag();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.aead_alg = value;
                                else
                                    delete message.aead_alg;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.tag_length = value;
                                else
                                    delete message.tag_length;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return AeadWithShortenedTag;
            })();

            return Aead;
        })();

        Algorithm.AsymmetricSignature = (function() {

            const AsymmetricSignature = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AsymmetricSignature.prototype.rsa_pkcs1v15_sign = null;
            AsymmetricSignature.prototype.rsa_pkcs1v15_sign_raw = null;
            AsymmetricSignature.prototype.rsa_pss = null;
            AsymmetricSignature.prototype.ecdsa = null;
            AsymmetricSignature.prototype.ecdsa_any = null;
            AsymmetricSignature.prototype.deterministic_ecdsa = null;

            let $oneOfFields;

            $Object.defineProperty(AsymmetricSignature.prototype, "variant", {
                get: $util.oneOfGetter($oneOfFields = ["rsa_pkcs1v15_sign", "rsa_pkcs1v15_sign_raw", "rsa_pss", "ecdsa", "ecdsa_any", "deterministic_ecdsa"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            AsymmetricSignature.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rsa_pkcs1v15_sign != null && $Object.hasOwnProperty.call(message, "rsa_pkcs1v15_sign"))
                    $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15Sign.encode(message.rsa_pkcs1v15_sign, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.rsa_pkcs1v15_sign_raw != null && $Object.hasOwnProperty.call(message, "rsa_pkcs1v15_sign_raw"))
                    $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15SignRaw.encode(message.rsa_pkcs1v15_sign_raw, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.rsa_pss != null && $Object.hasOwnProperty.call(message, "rsa_pss"))
                    $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPss.encode(message.rsa_pss, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.ecdsa != null && $Object.hasOwnProperty.call(message, "ecdsa"))
                    $root.psa_algorithm.Algorithm.AsymmetricSignature.Ecdsa.encode(message.ecdsa, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.ecdsa_any != null && $Object.hasOwnProperty.call(message, "ecdsa_any"))
                    $root.psa_algorithm.Algorithm.AsymmetricSignature.EcdsaAny.encode(message.ecdsa_any, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.deterministic_ecdsa != null && $Object.hasOwnProperty.call(message, "deterministic_ecdsa"))
                    $root.psa_algorithm.Algorithm.AsymmetricSignature.DeterministicEcdsa.encode(message.deterministic_ecdsa, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AsymmetricSignature.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.rsa_pkcs1v15_sign = $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15Sign.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_pkcs1v15_sign);
                            message.variant = "rsa_pkcs1v15_sign";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.rsa_pkcs1v15_sign_raw = $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15SignRaw.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_pkcs1v15_sign_raw);
                            message.variant = "rsa_pkcs1v15_sign_raw";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.rsa_pss = $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPss.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_pss);
                            message.variant = "rsa_pss";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.ecdsa = $root.psa_algorithm.Algorithm.AsymmetricSignature.Ecdsa.decode(reader, reader.size(), $undefined, _depth + 1, message.ecdsa);
                            message.variant = "ecdsa";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.ecdsa_any = $root.psa_algorithm.Algorithm.AsymmetricSignature.EcdsaAny.decode(reader, reader.size(), $undefined, _depth + 1, message.ecdsa_any);
                            message.variant = "ecdsa_any";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.deterministic_ecdsa = $root.psa_algorithm.Algorithm.AsymmetricSignature.DeterministicEcdsa.decode(reader, reader.size(), $undefined, _depth + 1, message.deterministic_ecdsa);
                            message.variant = "deterministic_ecdsa";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AsymmetricSignature.SignHash = (function() {

                const SignHash = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                SignHash.prototype.any = null;
                SignHash.prototype.specific = null;

                let $oneOfFields;

                $Object.defineProperty(SignHash.prototype, "variant", {
                    get: $util.oneOfGetter($oneOfFields = ["any", "specific"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                SignHash.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.any != null && $Object.hasOwnProperty.call(message, "any"))
                        $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.Any.encode(message.any, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.specific != null && $Object.hasOwnProperty.call(message, "specific"))
                        writer.uint32(16).int32(message.specific);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                SignHash.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.any = $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.Any.decode(reader, reader.size(), $undefined, _depth + 1, message.any);
                                message.variant = "any";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                message.specific = reader.int32();
                                message.variant = "specific";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                SignHash.Any = (function() {

                    const Any = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    Any.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    Any.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.Any();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            reader.skipType(tag & 7, _depth, tag >>> 3);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return Any;
                })();

                return SignHash;
            })();

            AsymmetricSignature.RsaPkcs1v15Sign = (function() {

                const RsaPkcs1v15Sign = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RsaPkcs1v15Sign.prototype.hash_alg = null;

                RsaPkcs1v15Sign.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg"))
                        $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.encode(message.hash_alg, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RsaPkcs1v15Sign.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15Sign();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.hash_alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.decode(reader, reader.size(), $undefined, _depth + 1, message.hash_alg);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RsaPkcs1v15Sign;
            })();

            AsymmetricSignature.RsaPkcs1v15SignRaw = (function() {

                const RsaPkcs1v15SignRaw = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RsaPkcs1v15SignRaw.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RsaPkcs1v15SignRaw.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPkcs1v15SignRaw();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        reader.skipType(tag & 7, _depth, tag >>> 3);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RsaPkcs1v15SignRaw;
            })();

            AsymmetricSignature.RsaPss = (function() {

                const RsaPss = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RsaPss.prototype.hash_alg = null;

                RsaPss.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg"))
                        $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.encode(message.hash_alg, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RsaPss.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.RsaPss();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.hash_alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.decode(reader, reader.size(), $undefined, _depth + 1, message.hash_alg);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RsaPss;
            })();

            AsymmetricSignature.Ecdsa = (function() {

                const Ecdsa = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Ecdsa.prototype.hash_alg = null;

                Ecdsa.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg"))
                        $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.encode(message.hash_alg, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Ecdsa.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.Ecdsa();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.hash_alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.decode(reader, reader.size(), $undefined, _depth + 1, message.hash_alg);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Ecdsa;
            })();

            AsymmetricSignature.EcdsaAny = (function() {

                const EcdsaAny = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                EcdsaAny.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                EcdsaAny.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.EcdsaAny();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        reader.skipType(tag & 7, _depth, tag >>> 3);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return EcdsaAny;
            })();

            AsymmetricSignature.DeterministicEcdsa = (function() {

                const DeterministicEcdsa = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                DeterministicEcdsa.prototype.hash_alg = null;

                DeterministicEcdsa.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg"))
                        $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.encode(message.hash_alg, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                DeterministicEcdsa.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricSignature.DeterministicEcdsa();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.hash_alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.SignHash.decode(reader, reader.size(), $undefined, _depth + 1, message.hash_alg);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return DeterministicEcdsa;
            })();

            return AsymmetricSignature;
        })();

        Algorithm.AsymmetricEncryption = (function() {

            const AsymmetricEncryption = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AsymmetricEncryption.prototype.rsa_pkcs1v15_crypt = null;
            AsymmetricEncryption.prototype.rsa_oaep = null;

            let $oneOfFields;

            $Object.defineProperty(AsymmetricEncryption.prototype, "variant", {
                get: $util.oneOfGetter($oneOfFields = ["rsa_pkcs1v15_crypt", "rsa_oaep"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            AsymmetricEncryption.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rsa_pkcs1v15_crypt != null && $Object.hasOwnProperty.call(message, "rsa_pkcs1v15_crypt"))
                    $root.psa_algorithm.Algorithm.AsymmetricEncryption.RsaPkcs1v15Crypt.encode(message.rsa_pkcs1v15_crypt, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.rsa_oaep != null && $Object.hasOwnProperty.call(message, "rsa_oaep"))
                    $root.psa_algorithm.Algorithm.AsymmetricEncryption.RsaOaep.encode(message.rsa_oaep, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AsymmetricEncryption.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.AsymmetricEncryption();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.rsa_pkcs1v15_crypt = $root.psa_algorithm.Algorithm.AsymmetricEncryption.RsaPkcs1v15Crypt.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_pkcs1v15_crypt);
                            message.variant = "rsa_pkcs1v15_crypt";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.rsa_oaep = $root.psa_algorithm.Algorithm.AsymmetricEncryption.RsaOaep.decode(reader, reader.size(), $undefined, _depth + 1, message.rsa_oaep);
                            message.variant = "rsa_oaep";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AsymmetricEncryption.RsaPkcs1v15Crypt = (function() {

                const RsaPkcs1v15Crypt = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RsaPkcs1v15Crypt.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RsaPkcs1v15Crypt.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricEncryption.RsaPkcs1v15Crypt();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        reader.skipType(tag & 7, _depth, tag >>> 3);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RsaPkcs1v15Crypt;
            })();

            AsymmetricEncryption.RsaOaep = (function() {

                const RsaOaep = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RsaOaep.prototype.hash_alg = 0;

                RsaOaep.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                        writer.uint32(8).int32(message.hash_alg);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RsaOaep.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.AsymmetricEncryption.RsaOaep();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.hash_alg = value;
                                else
                                    delete message.hash_alg;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RsaOaep;
            })();

            return AsymmetricEncryption;
        })();

        Algorithm.KeyAgreement = (function() {

            const KeyAgreement = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            KeyAgreement.prototype.raw = null;
            KeyAgreement.prototype.with_key_derivation = null;

            let $oneOfFields;

            $Object.defineProperty(KeyAgreement.prototype, "variant", {
                get: $util.oneOfGetter($oneOfFields = ["raw", "with_key_derivation"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            KeyAgreement.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.raw != null && $Object.hasOwnProperty.call(message, "raw"))
                    writer.uint32(8).int32(message.raw);
                if (message.with_key_derivation != null && $Object.hasOwnProperty.call(message, "with_key_derivation"))
                    $root.psa_algorithm.Algorithm.KeyAgreement.WithKeyDerivation.encode(message.with_key_derivation, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            KeyAgreement.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.KeyAgreement();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            message.raw = reader.int32();
                            message.variant = "raw";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.with_key_derivation = $root.psa_algorithm.Algorithm.KeyAgreement.WithKeyDerivation.decode(reader, reader.size(), $undefined, _depth + 1, message.with_key_derivation);
                            message.variant = "with_key_derivation";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            KeyAgreement.Raw = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "RAW_NONE"] = 0;
                values[valuesById[1] = "FFDH"] = 1;
                values[valuesById[2] = "ECDH"] = 2;
                return values;
            })();

            KeyAgreement.WithKeyDerivation = (function() {

                const WithKeyDerivation = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                WithKeyDerivation.prototype.ka_alg = 0;
                WithKeyDerivation.prototype.kdf_alg = null;

                WithKeyDerivation.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.ka_alg != null && $Object.hasOwnProperty.call(message, "ka_alg") && message.ka_alg !== 0)
                        writer.uint32(8).int32(message.ka_alg);
                    if (message.kdf_alg != null && $Object.hasOwnProperty.call(message, "kdf_alg"))
                        $root.psa_algorithm.Algorithm.KeyDerivation.encode(message.kdf_alg, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                WithKeyDerivation.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.KeyAgreement.WithKeyDerivation();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.ka_alg = value;
                                else
                                    delete message.ka_alg;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.kdf_alg = $root.psa_algorithm.Algorithm.KeyDerivation.decode(reader, reader.size(), $undefined, _depth + 1, message.kdf_alg);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return WithKeyDerivation;
            })();

            return KeyAgreement;
        })();

        Algorithm.KeyDerivation = (function() {

            const KeyDerivation = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            KeyDerivation.prototype.hkdf = null;
            KeyDerivation.prototype.tls12_prf = null;
            KeyDerivation.prototype.tls12_psk_to_ms = null;

            let $oneOfFields;

            $Object.defineProperty(KeyDerivation.prototype, "variant", {
                get: $util.oneOfGetter($oneOfFields = ["hkdf", "tls12_prf", "tls12_psk_to_ms"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            KeyDerivation.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hkdf != null && $Object.hasOwnProperty.call(message, "hkdf"))
                    $root.psa_algorithm.Algorithm.KeyDerivation.Hkdf.encode(message.hkdf, writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.tls12_prf != null && $Object.hasOwnProperty.call(message, "tls12_prf"))
                    $root.psa_algorithm.Algorithm.KeyDerivation.Tls12Prf.encode(message.tls12_prf, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.tls12_psk_to_ms != null && $Object.hasOwnProperty.call(message, "tls12_psk_to_ms"))
                    $root.psa_algorithm.Algorithm.KeyDerivation.Tls12PskToMs.encode(message.tls12_psk_to_ms, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            KeyDerivation.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_algorithm.Algorithm.KeyDerivation();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.hkdf = $root.psa_algorithm.Algorithm.KeyDerivation.Hkdf.decode(reader, reader.size(), $undefined, _depth + 1, message.hkdf);
                            message.variant = "hkdf";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.tls12_prf = $root.psa_algorithm.Algorithm.KeyDerivation.Tls12Prf.decode(reader, reader.size(), $undefined, _depth + 1, message.tls12_prf);
                            message.variant = "tls12_prf";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            message.tls12_psk_to_ms = $root.psa_algorithm.Algorithm.KeyDerivation.Tls12PskToMs.decode(reader, reader.size(), $undefined, _depth + 1, message.tls12_psk_to_ms);
                            message.variant = "tls12_psk_to_ms";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            KeyDerivation.Hkdf = (function() {

                const Hkdf = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Hkdf.prototype.hash_alg = 0;

                Hkdf.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                        writer.uint32(8).int32(message.hash_alg);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Hkdf.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.KeyDerivation.Hkdf();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.hash_alg = value;
                                else
                                    delete message.hash_alg;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Hkdf;
            })();

            KeyDerivation.Tls12Prf = (function() {

                const Tls12Prf = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Tls12Prf.prototype.hash_alg = 0;

                Tls12Prf.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                        writer.uint32(8).int32(message.hash_alg);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Tls12Prf.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.KeyDerivation.Tls12Prf();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.hash_alg = value;
                                else
                                    delete message.hash_alg;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Tls12Prf;
            })();

            KeyDerivation.Tls12PskToMs = (function() {

                const Tls12PskToMs = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Tls12PskToMs.prototype.hash_alg = 0;

                Tls12PskToMs.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                        writer.uint32(8).int32(message.hash_alg);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Tls12PskToMs.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.psa_algorithm.Algorithm.KeyDerivation.Tls12PskToMs();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.hash_alg = value;
                                else
                                    delete message.hash_alg;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Tls12PskToMs;
            })();

            return KeyDerivation;
        })();

        return Algorithm;
    })();

    return psa_algorithm;
})();

export const delete_client = $root.delete_client = (() => {

    const delete_client = {};

    delete_client.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.client = "";

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.client != null && $Object.hasOwnProperty.call(message, "client") && message.client !== "")
                writer.uint32(10).string(message.client);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.delete_client.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.client = value;
                        else
                            delete message.client;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    delete_client.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.delete_client.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return delete_client;
})();

export const list_authenticators = $root.list_authenticators = (() => {

    const list_authenticators = {};

    list_authenticators.AuthenticatorInfo = (function() {

        const AuthenticatorInfo = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        AuthenticatorInfo.prototype.description = "";
        AuthenticatorInfo.prototype.version_maj = 0;
        AuthenticatorInfo.prototype.version_min = 0;
        AuthenticatorInfo.prototype.version_rev = 0;
        AuthenticatorInfo.prototype.id = 0;

        AuthenticatorInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.description != null && $Object.hasOwnProperty.call(message, "description") && message.description !== "")
                writer.uint32(10).string(message.description);
            if (message.version_maj != null && $Object.hasOwnProperty.call(message, "version_maj") && message.version_maj !== 0)
                writer.uint32(16).uint32(message.version_maj);
            if (message.version_min != null && $Object.hasOwnProperty.call(message, "version_min") && message.version_min !== 0)
                writer.uint32(24).uint32(message.version_min);
            if (message.version_rev != null && $Object.hasOwnProperty.call(message, "version_rev") && message.version_rev !== 0)
                writer.uint32(32).uint32(message.version_rev);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(40).uint32(message.id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        AuthenticatorInfo.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_authenticators.AuthenticatorInfo();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.description = value;
                        else
                            delete message.description;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.version_maj = value;
                        else
                            delete message.version_maj;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.version_min = value;
                        else
                            delete message.version_min;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.version_rev = value;
                        else
                            delete message.version_rev;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return AuthenticatorInfo;
    })();

    list_authenticators.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_authenticators.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    list_authenticators.Result = (function() {

        const Result = function (properties) {
            this.authenticators = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.authenticators = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.authenticators != null && message.authenticators.length)
                for (let i = 0; i < message.authenticators.length; ++i)
                    $root.list_authenticators.AuthenticatorInfo.encode(message.authenticators[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_authenticators.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if (!(message.authenticators && message.authenticators.length))
                            message.authenticators = [];
                        message.authenticators.push($root.list_authenticators.AuthenticatorInfo.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return list_authenticators;
})();

export const list_clients = $root.list_clients = (() => {

    const list_clients = {};

    list_clients.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_clients.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    list_clients.Result = (function() {

        const Result = function (properties) {
            this.clients = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.clients = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.clients != null && message.clients.length)
                for (let i = 0; i < message.clients.length; ++i)
                    writer.uint32(10).string(message.clients[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_clients.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if (!(message.clients && message.clients.length))
                            message.clients = [];
                        message.clients.push(reader.stringVerify());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return list_clients;
})();

export const list_keys = $root.list_keys = (() => {

    const list_keys = {};

    list_keys.KeyInfo = (function() {

        const KeyInfo = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        KeyInfo.prototype.provider_id = 0;
        KeyInfo.prototype.name = "";
        KeyInfo.prototype.attributes = null;

        KeyInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.provider_id != null && $Object.hasOwnProperty.call(message, "provider_id") && message.provider_id !== 0)
                writer.uint32(8).uint32(message.provider_id);
            if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                writer.uint32(18).string(message.name);
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                $root.psa_key_attributes.KeyAttributes.encode(message.attributes, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        KeyInfo.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_keys.KeyInfo();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.provider_id = value;
                        else
                            delete message.provider_id;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.name = value;
                        else
                            delete message.name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.attributes = $root.psa_key_attributes.KeyAttributes.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return KeyInfo;
    })();

    list_keys.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_keys.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    list_keys.Result = (function() {

        const Result = function (properties) {
            this.keys = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.keys = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    $root.list_keys.KeyInfo.encode(message.keys[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_keys.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push($root.list_keys.KeyInfo.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return list_keys;
})();

export const list_opcodes = $root.list_opcodes = (() => {

    const list_opcodes = {};

    list_opcodes.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.provider_id = 0;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.provider_id != null && $Object.hasOwnProperty.call(message, "provider_id") && message.provider_id !== 0)
                writer.uint32(8).uint32(message.provider_id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_opcodes.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.provider_id = value;
                        else
                            delete message.provider_id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    list_opcodes.Result = (function() {

        const Result = function (properties) {
            this.opcodes = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.opcodes = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.opcodes != null && message.opcodes.length)
                writer.uint32(10).uint32s(message.opcodes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_opcodes.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType === 2) {
                            if (!(message.opcodes && message.opcodes.length))
                                message.opcodes = [];
                            reader.uint32s(message.opcodes);
                            continue;
                        }
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (!(message.opcodes && message.opcodes.length))
                            message.opcodes = [];
                        message.opcodes.push(reader.uint32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return list_opcodes;
})();

export const list_providers = $root.list_providers = (() => {

    const list_providers = {};

    list_providers.ProviderInfo = (function() {

        const ProviderInfo = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        ProviderInfo.prototype.uuid = "";
        ProviderInfo.prototype.description = "";
        ProviderInfo.prototype.vendor = "";
        ProviderInfo.prototype.version_maj = 0;
        ProviderInfo.prototype.version_min = 0;
        ProviderInfo.prototype.version_rev = 0;
        ProviderInfo.prototype.id = 0;

        ProviderInfo.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.uuid != null && $Object.hasOwnProperty.call(message, "uuid") && message.uuid !== "")
                writer.uint32(10).string(message.uuid);
            if (message.description != null && $Object.hasOwnProperty.call(message, "description") && message.description !== "")
                writer.uint32(18).string(message.description);
            if (message.vendor != null && $Object.hasOwnProperty.call(message, "vendor") && message.vendor !== "")
                writer.uint32(26).string(message.vendor);
            if (message.version_maj != null && $Object.hasOwnProperty.call(message, "version_maj") && message.version_maj !== 0)
                writer.uint32(32).uint32(message.version_maj);
            if (message.version_min != null && $Object.hasOwnProperty.call(message, "version_min") && message.version_min !== 0)
                writer.uint32(40).uint32(message.version_min);
            if (message.version_rev != null && $Object.hasOwnProperty.call(message, "version_rev") && message.version_rev !== 0)
                writer.uint32(48).uint32(message.version_rev);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                writer.uint32(56).uint32(message.id);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        ProviderInfo.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_providers.ProviderInfo();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.uuid = value;
                        else
                            delete message.uuid;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.description = value;
                        else
                            delete message.description;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.vendor = value;
                        else
                            delete message.vendor;
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.version_maj = value;
                        else
                            delete message.version_maj;
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.version_min = value;
                        else
                            delete message.version_min;
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.version_rev = value;
                        else
                            delete message.version_rev;
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.id = value;
                        else
                            delete message.id;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return ProviderInfo;
    })();

    list_providers.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_providers.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    list_providers.Result = (function() {

        const Result = function (properties) {
            this.providers = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.providers = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.providers != null && message.providers.length)
                for (let i = 0; i < message.providers.length; ++i)
                    $root.list_providers.ProviderInfo.encode(message.providers[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.list_providers.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if (!(message.providers && message.providers.length))
                            message.providers = [];
                        message.providers.push($root.list_providers.ProviderInfo.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return list_providers;
})();

export const ping = $root.ping = (() => {

    const ping = {};

    ping.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.ping.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    ping.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.wire_protocol_version_maj = 0;
        Result.prototype.wire_protocol_version_min = 0;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.wire_protocol_version_maj != null && $Object.hasOwnProperty.call(message, "wire_protocol_version_maj") && message.wire_protocol_version_maj !== 0)
                writer.uint32(8).uint32(message.wire_protocol_version_maj);
            if (message.wire_protocol_version_min != null && $Object.hasOwnProperty.call(message, "wire_protocol_version_min") && message.wire_protocol_version_min !== 0)
                writer.uint32(16).uint32(message.wire_protocol_version_min);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.ping.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.wire_protocol_version_maj = value;
                        else
                            delete message.wire_protocol_version_maj;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.wire_protocol_version_min = value;
                        else
                            delete message.wire_protocol_version_min;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return ping;
})();

export const prepare_key_attestation = $root.prepare_key_attestation = (() => {

    const prepare_key_attestation = {};

    prepare_key_attestation.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.parameters = null;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.parameters != null && $Object.hasOwnProperty.call(message, "parameters"))
                $root.prepare_key_attestation.PrepareKeyAttestationParams.encode(message.parameters, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.prepare_key_attestation.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.parameters = $root.prepare_key_attestation.PrepareKeyAttestationParams.decode(reader, reader.size(), $undefined, _depth + 1, message.parameters);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    prepare_key_attestation.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.output = null;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.output != null && $Object.hasOwnProperty.call(message, "output"))
                $root.prepare_key_attestation.PrepareKeyAttestationOutput.encode(message.output, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.prepare_key_attestation.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.output = $root.prepare_key_attestation.PrepareKeyAttestationOutput.decode(reader, reader.size(), $undefined, _depth + 1, message.output);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    prepare_key_attestation.PrepareKeyAttestationParams = (function() {

        const PrepareKeyAttestationParams = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PrepareKeyAttestationParams.prototype.activate_credential = null;

        let $oneOfFields;

        $Object.defineProperty(PrepareKeyAttestationParams.prototype, "mechanism", {
            get: $util.oneOfGetter($oneOfFields = ["activate_credential"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        PrepareKeyAttestationParams.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.activate_credential != null && $Object.hasOwnProperty.call(message, "activate_credential"))
                $root.prepare_key_attestation.PrepareKeyAttestationParams.ActivateCredential.encode(message.activate_credential, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PrepareKeyAttestationParams.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.prepare_key_attestation.PrepareKeyAttestationParams();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.activate_credential = $root.prepare_key_attestation.PrepareKeyAttestationParams.ActivateCredential.decode(reader, reader.size(), $undefined, _depth + 1, message.activate_credential);
                        message.mechanism = "activate_credential";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        PrepareKeyAttestationParams.ActivateCredential = (function() {

            const ActivateCredential = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ActivateCredential.prototype.attested_key_name = "";
            ActivateCredential.prototype.attesting_key_name = "";

            ActivateCredential.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.attested_key_name != null && $Object.hasOwnProperty.call(message, "attested_key_name") && message.attested_key_name !== "")
                    writer.uint32(10).string(message.attested_key_name);
                if (message.attesting_key_name != null && $Object.hasOwnProperty.call(message, "attesting_key_name") && message.attesting_key_name !== "")
                    writer.uint32(18).string(message.attesting_key_name);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ActivateCredential.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.prepare_key_attestation.PrepareKeyAttestationParams.ActivateCredential();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.stringVerify()).length)
                                message.attested_key_name = value;
                            else
                                delete message.attested_key_name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.stringVerify()).length)
                                message.attesting_key_name = value;
                            else
                                delete message.attesting_key_name;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ActivateCredential;
        })();

        return PrepareKeyAttestationParams;
    })();

    prepare_key_attestation.PrepareKeyAttestationOutput = (function() {

        const PrepareKeyAttestationOutput = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        PrepareKeyAttestationOutput.prototype.activate_credential = null;

        let $oneOfFields;

        $Object.defineProperty(PrepareKeyAttestationOutput.prototype, "mechanism", {
            get: $util.oneOfGetter($oneOfFields = ["activate_credential"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        PrepareKeyAttestationOutput.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.activate_credential != null && $Object.hasOwnProperty.call(message, "activate_credential"))
                $root.prepare_key_attestation.PrepareKeyAttestationOutput.ActivateCredential.encode(message.activate_credential, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        PrepareKeyAttestationOutput.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.prepare_key_attestation.PrepareKeyAttestationOutput();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.activate_credential = $root.prepare_key_attestation.PrepareKeyAttestationOutput.ActivateCredential.decode(reader, reader.size(), $undefined, _depth + 1, message.activate_credential);
                        message.mechanism = "activate_credential";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        PrepareKeyAttestationOutput.ActivateCredential = (function() {

            const ActivateCredential = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ActivateCredential.prototype.name = new Uint8Array(0);
            ActivateCredential.prototype["public"] = new Uint8Array(0);
            ActivateCredential.prototype.attesting_key_pub = new Uint8Array(0);

            ActivateCredential.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name.length)
                    writer.uint32(10).bytes(message.name);
                if (message["public"] != null && $Object.hasOwnProperty.call(message, "public") && message["public"].length)
                    writer.uint32(18).bytes(message["public"]);
                if (message.attesting_key_pub != null && $Object.hasOwnProperty.call(message, "attesting_key_pub") && message.attesting_key_pub.length)
                    writer.uint32(26).bytes(message.attesting_key_pub);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ActivateCredential.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.prepare_key_attestation.PrepareKeyAttestationOutput.ActivateCredential();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message["public"] = value;
                            else
                                delete message["public"];
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.attesting_key_pub = value;
                            else
                                delete message.attesting_key_pub;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ActivateCredential;
        })();

        return PrepareKeyAttestationOutput;
    })();

    return prepare_key_attestation;
})();

export const psa_aead_decrypt = $root.psa_aead_decrypt = (() => {

    const psa_aead_decrypt = {};

    psa_aead_decrypt.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.nonce = new Uint8Array(0);
        Operation.prototype.additional_data = new Uint8Array(0);
        Operation.prototype.ciphertext = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.Aead.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(26).bytes(message.nonce);
            if (message.additional_data != null && $Object.hasOwnProperty.call(message, "additional_data") && message.additional_data.length)
                writer.uint32(34).bytes(message.additional_data);
            if (message.ciphertext != null && $Object.hasOwnProperty.call(message, "ciphertext") && message.ciphertext.length)
                writer.uint32(42).bytes(message.ciphertext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_aead_decrypt.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.Aead.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.additional_data = value;
                        else
                            delete message.additional_data;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.ciphertext = value;
                        else
                            delete message.ciphertext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_aead_decrypt.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.plaintext = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.plaintext != null && $Object.hasOwnProperty.call(message, "plaintext") && message.plaintext.length)
                writer.uint32(10).bytes(message.plaintext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_aead_decrypt.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.plaintext = value;
                        else
                            delete message.plaintext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_aead_decrypt;
})();

export const psa_aead_encrypt = $root.psa_aead_encrypt = (() => {

    const psa_aead_encrypt = {};

    psa_aead_encrypt.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.nonce = new Uint8Array(0);
        Operation.prototype.additional_data = new Uint8Array(0);
        Operation.prototype.plaintext = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.Aead.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(26).bytes(message.nonce);
            if (message.additional_data != null && $Object.hasOwnProperty.call(message, "additional_data") && message.additional_data.length)
                writer.uint32(34).bytes(message.additional_data);
            if (message.plaintext != null && $Object.hasOwnProperty.call(message, "plaintext") && message.plaintext.length)
                writer.uint32(42).bytes(message.plaintext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_aead_encrypt.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.Aead.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.additional_data = value;
                        else
                            delete message.additional_data;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.plaintext = value;
                        else
                            delete message.plaintext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_aead_encrypt.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.ciphertext = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ciphertext != null && $Object.hasOwnProperty.call(message, "ciphertext") && message.ciphertext.length)
                writer.uint32(10).bytes(message.ciphertext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_aead_encrypt.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.ciphertext = value;
                        else
                            delete message.ciphertext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_aead_encrypt;
})();

export const psa_asymmetric_decrypt = $root.psa_asymmetric_decrypt = (() => {

    const psa_asymmetric_decrypt = {};

    psa_asymmetric_decrypt.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.ciphertext = new Uint8Array(0);
        Operation.prototype.salt = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.AsymmetricEncryption.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.ciphertext != null && $Object.hasOwnProperty.call(message, "ciphertext") && message.ciphertext.length)
                writer.uint32(26).bytes(message.ciphertext);
            if (message.salt != null && $Object.hasOwnProperty.call(message, "salt") && message.salt.length)
                writer.uint32(34).bytes(message.salt);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_asymmetric_decrypt.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.AsymmetricEncryption.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.ciphertext = value;
                        else
                            delete message.ciphertext;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.salt = value;
                        else
                            delete message.salt;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_asymmetric_decrypt.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.plaintext = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.plaintext != null && $Object.hasOwnProperty.call(message, "plaintext") && message.plaintext.length)
                writer.uint32(10).bytes(message.plaintext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_asymmetric_decrypt.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.plaintext = value;
                        else
                            delete message.plaintext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_asymmetric_decrypt;
})();

export const psa_asymmetric_encrypt = $root.psa_asymmetric_encrypt = (() => {

    const psa_asymmetric_encrypt = {};

    psa_asymmetric_encrypt.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.plaintext = new Uint8Array(0);
        Operation.prototype.salt = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.AsymmetricEncryption.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.plaintext != null && $Object.hasOwnProperty.call(message, "plaintext") && message.plaintext.length)
                writer.uint32(26).bytes(message.plaintext);
            if (message.salt != null && $Object.hasOwnProperty.call(message, "salt") && message.salt.length)
                writer.uint32(34).bytes(message.salt);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_asymmetric_encrypt.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.AsymmetricEncryption.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.plaintext = value;
                        else
                            delete message.plaintext;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.salt = value;
                        else
                            delete message.salt;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_asymmetric_encrypt.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.ciphertext = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ciphertext != null && $Object.hasOwnProperty.call(message, "ciphertext") && message.ciphertext.length)
                writer.uint32(10).bytes(message.ciphertext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_asymmetric_encrypt.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.ciphertext = value;
                        else
                            delete message.ciphertext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_asymmetric_encrypt;
})();

export const psa_cipher_decrypt = $root.psa_cipher_decrypt = (() => {

    const psa_cipher_decrypt = {};

    psa_cipher_decrypt.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = 0;
        Operation.prototype.ciphertext = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg") && message.alg !== 0)
                writer.uint32(16).int32(message.alg);
            if (message.ciphertext != null && $Object.hasOwnProperty.call(message, "ciphertext") && message.ciphertext.length)
                writer.uint32(26).bytes(message.ciphertext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_cipher_decrypt.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.int32())
                            message.alg = value;
                        else
                            delete message.alg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.ciphertext = value;
                        else
                            delete message.ciphertext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_cipher_decrypt.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.plaintext = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.plaintext != null && $Object.hasOwnProperty.call(message, "plaintext") && message.plaintext.length)
                writer.uint32(10).bytes(message.plaintext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_cipher_decrypt.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.plaintext = value;
                        else
                            delete message.plaintext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_cipher_decrypt;
})();

export const psa_cipher_encrypt = $root.psa_cipher_encrypt = (() => {

    const psa_cipher_encrypt = {};

    psa_cipher_encrypt.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = 0;
        Operation.prototype.plaintext = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg") && message.alg !== 0)
                writer.uint32(16).int32(message.alg);
            if (message.plaintext != null && $Object.hasOwnProperty.call(message, "plaintext") && message.plaintext.length)
                writer.uint32(26).bytes(message.plaintext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_cipher_encrypt.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.int32())
                            message.alg = value;
                        else
                            delete message.alg;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.plaintext = value;
                        else
                            delete message.plaintext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_cipher_encrypt.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.ciphertext = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.ciphertext != null && $Object.hasOwnProperty.call(message, "ciphertext") && message.ciphertext.length)
                writer.uint32(10).bytes(message.ciphertext);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_cipher_encrypt.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.ciphertext = value;
                        else
                            delete message.ciphertext;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_cipher_encrypt;
})();

export const psa_destroy_key = $root.psa_destroy_key = (() => {

    const psa_destroy_key = {};

    psa_destroy_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_destroy_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_destroy_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_destroy_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_destroy_key;
})();

export const psa_export_key = $root.psa_export_key = (() => {

    const psa_export_key = {};

    psa_export_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_export_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_export_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.data = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(10).bytes(message.data);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_export_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_export_key;
})();

export const psa_export_public_key = $root.psa_export_public_key = (() => {

    const psa_export_public_key = {};

    psa_export_public_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_export_public_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_export_public_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.data = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(10).bytes(message.data);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_export_public_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_export_public_key;
})();

export const psa_generate_key = $root.psa_generate_key = (() => {

    const psa_generate_key = {};

    psa_generate_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.attributes = null;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                $root.psa_key_attributes.KeyAttributes.encode(message.attributes, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_generate_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.attributes = $root.psa_key_attributes.KeyAttributes.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_generate_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_generate_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_generate_key;
})();

export const psa_generate_random = $root.psa_generate_random = (() => {

    const psa_generate_random = {};

    psa_generate_random.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.size = 0;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                writer.uint32(8).uint64(message.size);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_generate_random.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                            message.size = value;
                        else
                            delete message.size;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_generate_random.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.random_bytes = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.random_bytes != null && $Object.hasOwnProperty.call(message, "random_bytes") && message.random_bytes.length)
                writer.uint32(10).bytes(message.random_bytes);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_generate_random.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.random_bytes = value;
                        else
                            delete message.random_bytes;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_generate_random;
})();

export const psa_hash_compare = $root.psa_hash_compare = (() => {

    const psa_hash_compare = {};

    psa_hash_compare.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.alg = 0;
        Operation.prototype.input = new Uint8Array(0);
        Operation.prototype.hash = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg") && message.alg !== 0)
                writer.uint32(8).int32(message.alg);
            if (message.input != null && $Object.hasOwnProperty.call(message, "input") && message.input.length)
                writer.uint32(18).bytes(message.input);
            if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash.length)
                writer.uint32(26).bytes(message.hash);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_hash_compare.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.int32())
                            message.alg = value;
                        else
                            delete message.alg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.input = value;
                        else
                            delete message.input;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.hash = value;
                        else
                            delete message.hash;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_hash_compare.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_hash_compare.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_hash_compare;
})();

export const psa_hash_compute = $root.psa_hash_compute = (() => {

    const psa_hash_compute = {};

    psa_hash_compute.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.alg = 0;
        Operation.prototype.input = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg") && message.alg !== 0)
                writer.uint32(8).int32(message.alg);
            if (message.input != null && $Object.hasOwnProperty.call(message, "input") && message.input.length)
                writer.uint32(18).bytes(message.input);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_hash_compute.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.int32())
                            message.alg = value;
                        else
                            delete message.alg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.input = value;
                        else
                            delete message.input;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_hash_compute.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.hash = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash.length)
                writer.uint32(10).bytes(message.hash);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_hash_compute.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.hash = value;
                        else
                            delete message.hash;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_hash_compute;
})();

export const psa_import_key = $root.psa_import_key = (() => {

    const psa_import_key = {};

    psa_import_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.attributes = null;
        Operation.prototype.data = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                $root.psa_key_attributes.KeyAttributes.encode(message.attributes, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.data != null && $Object.hasOwnProperty.call(message, "data") && message.data.length)
                writer.uint32(26).bytes(message.data);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_import_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.attributes = $root.psa_key_attributes.KeyAttributes.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.data = value;
                        else
                            delete message.data;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_import_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_import_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_import_key;
})();

export const psa_mac_compute = $root.psa_mac_compute = (() => {

    const psa_mac_compute = {};

    psa_mac_compute.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.input = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.Mac.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.input != null && $Object.hasOwnProperty.call(message, "input") && message.input.length)
                writer.uint32(26).bytes(message.input);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_mac_compute.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.Mac.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.input = value;
                        else
                            delete message.input;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_mac_compute.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.mac = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.mac != null && $Object.hasOwnProperty.call(message, "mac") && message.mac.length)
                writer.uint32(10).bytes(message.mac);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_mac_compute.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.mac = value;
                        else
                            delete message.mac;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_mac_compute;
})();

export const psa_mac_verify = $root.psa_mac_verify = (() => {

    const psa_mac_verify = {};

    psa_mac_verify.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.input = new Uint8Array(0);
        Operation.prototype.mac = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.Mac.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.input != null && $Object.hasOwnProperty.call(message, "input") && message.input.length)
                writer.uint32(26).bytes(message.input);
            if (message.mac != null && $Object.hasOwnProperty.call(message, "mac") && message.mac.length)
                writer.uint32(34).bytes(message.mac);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_mac_verify.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.Mac.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.input = value;
                        else
                            delete message.input;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.mac = value;
                        else
                            delete message.mac;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_mac_verify.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_mac_verify.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_mac_verify;
})();

export const psa_raw_key_agreement = $root.psa_raw_key_agreement = (() => {

    const psa_raw_key_agreement = {};

    psa_raw_key_agreement.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.alg = 0;
        Operation.prototype.private_key_name = "";
        Operation.prototype.peer_key = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg") && message.alg !== 0)
                writer.uint32(8).int32(message.alg);
            if (message.private_key_name != null && $Object.hasOwnProperty.call(message, "private_key_name") && message.private_key_name !== "")
                writer.uint32(18).string(message.private_key_name);
            if (message.peer_key != null && $Object.hasOwnProperty.call(message, "peer_key") && message.peer_key.length)
                writer.uint32(26).bytes(message.peer_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_raw_key_agreement.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.int32())
                            message.alg = value;
                        else
                            delete message.alg;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.private_key_name = value;
                        else
                            delete message.private_key_name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.peer_key = value;
                        else
                            delete message.peer_key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_raw_key_agreement.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.shared_secret = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.shared_secret != null && $Object.hasOwnProperty.call(message, "shared_secret") && message.shared_secret.length)
                writer.uint32(10).bytes(message.shared_secret);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_raw_key_agreement.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.shared_secret = value;
                        else
                            delete message.shared_secret;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_raw_key_agreement;
})();

export const psa_sign_hash = $root.psa_sign_hash = (() => {

    const psa_sign_hash = {};

    psa_sign_hash.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.hash = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.AsymmetricSignature.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash.length)
                writer.uint32(26).bytes(message.hash);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_sign_hash.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.hash = value;
                        else
                            delete message.hash;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_sign_hash.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.signature = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(10).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_sign_hash.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_sign_hash;
})();

export const psa_sign_message = $root.psa_sign_message = (() => {

    const psa_sign_message = {};

    psa_sign_message.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.message = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.AsymmetricSignature.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message.length)
                writer.uint32(26).bytes(message.message);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_sign_message.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_sign_message.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.signature = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(10).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_sign_message.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_sign_message;
})();

export const psa_verify_hash = $root.psa_verify_hash = (() => {

    const psa_verify_hash = {};

    psa_verify_hash.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.hash = new Uint8Array(0);
        Operation.prototype.signature = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.AsymmetricSignature.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.hash != null && $Object.hasOwnProperty.call(message, "hash") && message.hash.length)
                writer.uint32(26).bytes(message.hash);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(34).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_verify_hash.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.hash = value;
                        else
                            delete message.hash;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_verify_hash.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_verify_hash.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_verify_hash;
})();

export const psa_verify_message = $root.psa_verify_message = (() => {

    const psa_verify_message = {};

    psa_verify_message.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.alg = null;
        Operation.prototype.message = new Uint8Array(0);
        Operation.prototype.signature = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.alg != null && $Object.hasOwnProperty.call(message, "alg"))
                $root.psa_algorithm.Algorithm.AsymmetricSignature.encode(message.alg, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message.length)
                writer.uint32(26).bytes(message.message);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(34).bytes(message.signature);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_verify_message.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.alg = $root.psa_algorithm.Algorithm.AsymmetricSignature.decode(reader, reader.size(), $undefined, _depth + 1, message.alg);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.message = value;
                        else
                            delete message.message;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_verify_message.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_verify_message.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_verify_message;
})();

export const activate_attestation_key = $root.activate_attestation_key = (() => {

    const activate_attestation_key = {};

    activate_attestation_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.credential_blob = new Uint8Array(0);
        Operation.prototype.secret = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.credential_blob != null && $Object.hasOwnProperty.call(message, "credential_blob") && message.credential_blob.length)
                writer.uint32(10).bytes(message.credential_blob);
            if (message.secret != null && $Object.hasOwnProperty.call(message, "secret") && message.secret.length)
                writer.uint32(18).bytes(message.secret);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.activate_attestation_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.credential_blob = value;
                        else
                            delete message.credential_blob;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.secret = value;
                        else
                            delete message.secret;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    activate_attestation_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.credential = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.credential != null && $Object.hasOwnProperty.call(message, "credential") && message.credential.length)
                writer.uint32(10).bytes(message.credential);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.activate_attestation_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.credential = value;
                        else
                            delete message.credential;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return activate_attestation_key;
})();

export const adopt_key = $root.adopt_key = (() => {

    const adopt_key = {};

    adopt_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.client = "";
        Operation.prototype.key_name = "";
        Operation.prototype.key_policy = null;
        Operation.prototype.source = null;
        Operation.prototype.delete_with_key = false;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.client != null && $Object.hasOwnProperty.call(message, "client") && message.client !== "")
                writer.uint32(10).string(message.client);
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(18).string(message.key_name);
            if (message.key_policy != null && $Object.hasOwnProperty.call(message, "key_policy"))
                $root.psa_key_attributes.KeyPolicy.encode(message.key_policy, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                $root.adopt_key.Source.encode(message.source, writer.uint32(34).fork(), _depth + 1).ldelim();
            if (message.delete_with_key != null && $Object.hasOwnProperty.call(message, "delete_with_key") && message.delete_with_key !== false)
                writer.uint32(40).bool(message.delete_with_key);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.adopt_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.client = value;
                        else
                            delete message.client;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_policy = $root.psa_key_attributes.KeyPolicy.decode(reader, reader.size(), $undefined, _depth + 1, message.key_policy);
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.source = $root.adopt_key.Source.decode(reader, reader.size(), $undefined, _depth + 1, message.source);
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.bool())
                            message.delete_with_key = value;
                        else
                            delete message.delete_with_key;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    adopt_key.Source = (function() {

        const Source = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Source.prototype.token_object = null;
        Source.prototype.tpm_handle = null;
        Source.prototype.tss2_key = null;

        let $oneOfFields;

        $Object.defineProperty(Source.prototype, "variant", {
            get: $util.oneOfGetter($oneOfFields = ["token_object", "tpm_handle", "tss2_key"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        Source.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.token_object != null && $Object.hasOwnProperty.call(message, "token_object"))
                $root.adopt_key.Source.TokenObject.encode(message.token_object, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.tpm_handle != null && $Object.hasOwnProperty.call(message, "tpm_handle"))
                $root.adopt_key.Source.TpmHandle.encode(message.tpm_handle, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.tss2_key != null && $Object.hasOwnProperty.call(message, "tss2_key"))
                $root.adopt_key.Source.Tss2Key.encode(message.tss2_key, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Source.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.adopt_key.Source();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.token_object = $root.adopt_key.Source.TokenObject.decode(reader, reader.size(), $undefined, _depth + 1, message.token_object);
                        message.variant = "token_object";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.tpm_handle = $root.adopt_key.Source.TpmHandle.decode(reader, reader.size(), $undefined, _depth + 1, message.tpm_handle);
                        message.variant = "tpm_handle";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.tss2_key = $root.adopt_key.Source.Tss2Key.decode(reader, reader.size(), $undefined, _depth + 1, message.tss2_key);
                        message.variant = "tss2_key";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        Source.TokenObject = (function() {

            const TokenObject = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TokenObject.prototype.uri = "";

            TokenObject.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.uri != null && $Object.hasOwnProperty.call(message, "uri") && message.uri !== "")
                    writer.uint32(10).string(message.uri);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TokenObject.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.adopt_key.Source.TokenObject();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.stringVerify()).length)
                                message.uri = value;
                            else
                                delete message.uri;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TokenObject;
        })();

        Source.TpmHandle = (function() {

            const TpmHandle = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TpmHandle.prototype.handle = 0;
            TpmHandle.prototype.auth = new Uint8Array(0);

            TpmHandle.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.handle != null && $Object.hasOwnProperty.call(message, "handle") && message.handle !== 0)
                    writer.uint32(8).uint32(message.handle);
                if (message.auth != null && $Object.hasOwnProperty.call(message, "auth") && message.auth.length)
                    writer.uint32(18).bytes(message.auth);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TpmHandle.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.adopt_key.Source.TpmHandle();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.uint32())
                                message.handle = value;
                            else
                                delete message.handle;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.auth = value;
                            else
                                delete message.auth;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TpmHandle;
        })();

        Source.Tss2Key = (function() {

            const Tss2Key = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Tss2Key.prototype.pem = "";
            Tss2Key.prototype.auth = new Uint8Array(0);

            Tss2Key.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.pem != null && $Object.hasOwnProperty.call(message, "pem") && message.pem !== "")
                    writer.uint32(10).string(message.pem);
                if (message.auth != null && $Object.hasOwnProperty.call(message, "auth") && message.auth.length)
                    writer.uint32(18).bytes(message.auth);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Tss2Key.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.adopt_key.Source.Tss2Key();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.stringVerify()).length)
                                message.pem = value;
                            else
                                delete message.pem;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.auth = value;
                            else
                                delete message.auth;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Tss2Key;
        })();

        return Source;
    })();

    adopt_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.attributes = null;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                $root.psa_key_attributes.KeyAttributes.encode(message.attributes, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.adopt_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.attributes = $root.psa_key_attributes.KeyAttributes.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return adopt_key;
})();

export const certify_key = $root.certify_key = (() => {

    const certify_key = {};

    certify_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.nonce = new Uint8Array(0);

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(18).bytes(message.nonce);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.certify_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    certify_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.statement = new Uint8Array(0);
        Result.prototype.signature = new Uint8Array(0);
        Result.prototype["public"] = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.statement != null && $Object.hasOwnProperty.call(message, "statement") && message.statement.length)
                writer.uint32(10).bytes(message.statement);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(18).bytes(message.signature);
            if (message["public"] != null && $Object.hasOwnProperty.call(message, "public") && message["public"].length)
                writer.uint32(26).bytes(message["public"]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.certify_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.statement = value;
                        else
                            delete message.statement;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message["public"] = value;
                        else
                            delete message["public"];
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return certify_key;
})();

export const get_attestation_identity = $root.get_attestation_identity = (() => {

    const get_attestation_identity = {};

    get_attestation_identity.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.get_attestation_identity.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    get_attestation_identity.Result = (function() {

        const Result = function (properties) {
            this.endorsement_certificates = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.attestation_key = new Uint8Array(0);
        Result.prototype.endorsement_key = new Uint8Array(0);
        Result.prototype.endorsement_certificates = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.attestation_key != null && $Object.hasOwnProperty.call(message, "attestation_key") && message.attestation_key.length)
                writer.uint32(10).bytes(message.attestation_key);
            if (message.endorsement_key != null && $Object.hasOwnProperty.call(message, "endorsement_key") && message.endorsement_key.length)
                writer.uint32(18).bytes(message.endorsement_key);
            if (message.endorsement_certificates != null && message.endorsement_certificates.length)
                for (let i = 0; i < message.endorsement_certificates.length; ++i)
                    writer.uint32(26).bytes(message.endorsement_certificates[i]);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.get_attestation_identity.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.attestation_key = value;
                        else
                            delete message.attestation_key;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.endorsement_key = value;
                        else
                            delete message.endorsement_key;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if (!(message.endorsement_certificates && message.endorsement_certificates.length))
                            message.endorsement_certificates = [];
                        message.endorsement_certificates.push(reader.bytes());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return get_attestation_identity;
})();

export const psa_derive_bytes = $root.psa_derive_bytes = (() => {

    const psa_derive_bytes = {};

    psa_derive_bytes.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.derivation = null;
        Operation.prototype.output_length = 0;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.derivation != null && $Object.hasOwnProperty.call(message, "derivation"))
                $root.psa_key_derivation.Derivation.encode(message.derivation, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.output_length != null && $Object.hasOwnProperty.call(message, "output_length") && message.output_length !== 0)
                writer.uint32(16).uint32(message.output_length);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_derive_bytes.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.derivation = $root.psa_key_derivation.Derivation.decode(reader, reader.size(), $undefined, _depth + 1, message.derivation);
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.output_length = value;
                        else
                            delete message.output_length;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_derive_bytes.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.output = new Uint8Array(0);

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.output != null && $Object.hasOwnProperty.call(message, "output") && message.output.length)
                writer.uint32(10).bytes(message.output);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_derive_bytes.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.output = value;
                        else
                            delete message.output;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_derive_bytes;
})();

export const psa_key_derivation = $root.psa_key_derivation = (() => {

    const psa_key_derivation = {};

    psa_key_derivation.Derivation = (function() {

        const Derivation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Derivation.prototype.secret = null;
        Derivation.prototype.inputs = null;

        Derivation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.secret != null && $Object.hasOwnProperty.call(message, "secret"))
                $root.psa_key_derivation.Secret.encode(message.secret, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.inputs != null && $Object.hasOwnProperty.call(message, "inputs"))
                $root.psa_key_derivation.Inputs.encode(message.inputs, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Derivation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_derivation.Derivation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.secret = $root.psa_key_derivation.Secret.decode(reader, reader.size(), $undefined, _depth + 1, message.secret);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.inputs = $root.psa_key_derivation.Inputs.decode(reader, reader.size(), $undefined, _depth + 1, message.inputs);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Derivation;
    })();

    psa_key_derivation.Secret = (function() {

        const Secret = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Secret.prototype.key_name = null;
        Secret.prototype.agreement = null;

        let $oneOfFields;

        $Object.defineProperty(Secret.prototype, "variant", {
            get: $util.oneOfGetter($oneOfFields = ["key_name", "agreement"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        Secret.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name"))
                writer.uint32(10).string(message.key_name);
            if (message.agreement != null && $Object.hasOwnProperty.call(message, "agreement"))
                $root.psa_key_derivation.Secret.Agreement.encode(message.agreement, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Secret.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_derivation.Secret();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.key_name = reader.stringVerify();
                        message.variant = "key_name";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.agreement = $root.psa_key_derivation.Secret.Agreement.decode(reader, reader.size(), $undefined, _depth + 1, message.agreement);
                        message.variant = "agreement";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        Secret.Agreement = (function() {

            const Agreement = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Agreement.prototype.alg = 0;
            Agreement.prototype.private_key_name = "";
            Agreement.prototype.peer_key = new Uint8Array(0);

            Agreement.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.alg != null && $Object.hasOwnProperty.call(message, "alg") && message.alg !== 0)
                    writer.uint32(8).int32(message.alg);
                if (message.private_key_name != null && $Object.hasOwnProperty.call(message, "private_key_name") && message.private_key_name !== "")
                    writer.uint32(18).string(message.private_key_name);
                if (message.peer_key != null && $Object.hasOwnProperty.call(message, "peer_key") && message.peer_key.length)
                    writer.uint32(26).bytes(message.peer_key);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Agreement.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_derivation.Secret.Agreement();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.alg = value;
                            else
                                delete message.alg;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.stringVerify()).length)
                                message.private_key_name = value;
                            else
                                delete message.private_key_name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.peer_key = value;
                            else
                                delete message.peer_key;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Agreement;
        })();

        return Secret;
    })();

    psa_key_derivation.Inputs = (function() {

        const Inputs = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Inputs.prototype.hkdf = null;
        Inputs.prototype.tls12_prf = null;
        Inputs.prototype.tls12_psk_to_ms = null;

        let $oneOfFields;

        $Object.defineProperty(Inputs.prototype, "variant", {
            get: $util.oneOfGetter($oneOfFields = ["hkdf", "tls12_prf", "tls12_psk_to_ms"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        Inputs.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.hkdf != null && $Object.hasOwnProperty.call(message, "hkdf"))
                $root.psa_key_derivation.Inputs.Hkdf.encode(message.hkdf, writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.tls12_prf != null && $Object.hasOwnProperty.call(message, "tls12_prf"))
                $root.psa_key_derivation.Inputs.Tls12Prf.encode(message.tls12_prf, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.tls12_psk_to_ms != null && $Object.hasOwnProperty.call(message, "tls12_psk_to_ms"))
                $root.psa_key_derivation.Inputs.Tls12PskToMs.encode(message.tls12_psk_to_ms, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Inputs.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_key_derivation.Inputs();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.hkdf = $root.psa_key_derivation.Inputs.Hkdf.decode(reader, reader.size(), $undefined, _depth + 1, message.hkdf);
                        message.variant = "hkdf";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.tls12_prf = $root.psa_key_derivation.Inputs.Tls12Prf.decode(reader, reader.size(), $undefined, _depth + 1, message.tls12_prf);
                        message.variant = "tls12_prf";
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.tls12_psk_to_ms = $root.psa_key_derivation.Inputs.Tls12PskToMs.decode(reader, reader.size(), $undefined, _depth + 1, message.tls12_psk_to_ms);
                        message.variant = "tls12_psk_to_ms";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        Inputs.Hkdf = (function() {

            const Hkdf = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Hkdf.prototype.hash_alg = 0;
            Hkdf.prototype.salt = new Uint8Array(0);
            Hkdf.prototype.info = new Uint8Array(0);

            Hkdf.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                    writer.uint32(8).int32(message.hash_alg);
                if (message.salt != null && $Object.hasOwnProperty.call(message, "salt") && message.salt.length)
                    writer.uint32(18).bytes(message.salt);
                if (message.info != null && $Object.hasOwnProperty.call(message, "info") && message.info.length)
                    writer.uint32(26).bytes(message.info);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Hkdf.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_derivation.Inputs.Hkdf();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.hash_alg = value;
                            else
                                delete message.hash_alg;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.salt = value;
                            else
                                delete message.salt;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.info = value;
                            else
                                delete message.info;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Hkdf;
        })();

        Inputs.Tls12Prf = (function() {

            const Tls12Prf = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Tls12Prf.prototype.hash_alg = 0;
            Tls12Prf.prototype.label = new Uint8Array(0);
            Tls12Prf.prototype.seed = new Uint8Array(0);

            Tls12Prf.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                    writer.uint32(8).int32(message.hash_alg);
                if (message.label != null && $Object.hasOwnProperty.call(message, "label") && message.label.length)
                    writer.uint32(18).bytes(message.label);
                if (message.seed != null && $Object.hasOwnProperty.call(message, "seed") && message.seed.length)
                    writer.uint32(26).bytes(message.seed);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Tls12Prf.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_derivation.Inputs.Tls12Prf();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.hash_alg = value;
                            else
                                delete message.hash_alg;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.label = value;
                            else
                                delete message.label;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.seed = value;
                            else
                                delete message.seed;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Tls12Prf;
        })();

        Inputs.Tls12PskToMs = (function() {

            const Tls12PskToMs = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Tls12PskToMs.prototype.hash_alg = 0;
            Tls12PskToMs.prototype.label = new Uint8Array(0);
            Tls12PskToMs.prototype.seed = new Uint8Array(0);

            Tls12PskToMs.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hash_alg != null && $Object.hasOwnProperty.call(message, "hash_alg") && message.hash_alg !== 0)
                    writer.uint32(8).int32(message.hash_alg);
                if (message.label != null && $Object.hasOwnProperty.call(message, "label") && message.label.length)
                    writer.uint32(18).bytes(message.label);
                if (message.seed != null && $Object.hasOwnProperty.call(message, "seed") && message.seed.length)
                    writer.uint32(26).bytes(message.seed);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Tls12PskToMs.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.psa_key_derivation.Inputs.Tls12PskToMs();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.int32())
                                message.hash_alg = value;
                            else
                                delete message.hash_alg;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.label = value;
                            else
                                delete message.label;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.seed = value;
                            else
                                delete message.seed;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Tls12PskToMs;
        })();

        return Inputs;
    })();

    return psa_key_derivation;
})();

export const psa_derive_key = $root.psa_derive_key = (() => {

    const psa_derive_key = {};

    psa_derive_key.Operation = (function() {

        const Operation = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.key_name = "";
        Operation.prototype.attributes = null;
        Operation.prototype.derivation = null;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.key_name != null && $Object.hasOwnProperty.call(message, "key_name") && message.key_name !== "")
                writer.uint32(10).string(message.key_name);
            if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                $root.psa_key_attributes.KeyAttributes.encode(message.attributes, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.derivation != null && $Object.hasOwnProperty.call(message, "derivation"))
                $root.psa_key_derivation.Derivation.encode(message.derivation, writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_derive_key.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.stringVerify()).length)
                            message.key_name = value;
                        else
                            delete message.key_name;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.attributes = $root.psa_key_attributes.KeyAttributes.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        message.derivation = $root.psa_key_derivation.Derivation.decode(reader, reader.size(), $undefined, _depth + 1, message.derivation);
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    psa_derive_key.Result = (function() {

        const Result = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.psa_derive_key.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                reader.skipType(tag & 7, _depth, tag >>> 3);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    return psa_derive_key;
})();

export const quote_platform = $root.quote_platform = (() => {

    const quote_platform = {};

    quote_platform.Operation = (function() {

        const Operation = function (properties) {
            this.pcrs = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Operation.prototype.nonce = new Uint8Array(0);
        Operation.prototype.pcrs = $util.emptyArray;

        Operation.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                writer.uint32(10).bytes(message.nonce);
            if (message.pcrs != null && message.pcrs.length)
                writer.uint32(18).uint32s(message.pcrs);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Operation.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.quote_platform.Operation();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.nonce = value;
                        else
                            delete message.nonce;
                        continue;
                    }
                case 2: {
                        if (wireType === 2) {
                            if (!(message.pcrs && message.pcrs.length))
                                message.pcrs = [];
                            reader.uint32s(message.pcrs);
                            continue;
                        }
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (!(message.pcrs && message.pcrs.length))
                            message.pcrs = [];
                        message.pcrs.push(reader.uint32());
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Operation;
    })();

    quote_platform.Result = (function() {

        const Result = function (properties) {
            this.registers = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Result.prototype.statement = new Uint8Array(0);
        Result.prototype.signature = new Uint8Array(0);
        Result.prototype.registers = $util.emptyArray;

        Result.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.statement != null && $Object.hasOwnProperty.call(message, "statement") && message.statement.length)
                writer.uint32(10).bytes(message.statement);
            if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                writer.uint32(18).bytes(message.signature);
            if (message.registers != null && message.registers.length)
                for (let i = 0; i < message.registers.length; ++i)
                    $root.quote_platform.Register.encode(message.registers[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Result.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.quote_platform.Result();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.statement = value;
                        else
                            delete message.statement;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.signature = value;
                        else
                            delete message.signature;
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if (!(message.registers && message.registers.length))
                            message.registers = [];
                        message.registers.push($root.quote_platform.Register.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Result;
    })();

    quote_platform.Register = (function() {

        const Register = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        Register.prototype.pcr = 0;
        Register.prototype.digest = new Uint8Array(0);

        Register.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.pcr != null && $Object.hasOwnProperty.call(message, "pcr") && message.pcr !== 0)
                writer.uint32(8).uint32(message.pcr);
            if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && message.digest.length)
                writer.uint32(18).bytes(message.digest);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        Register.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.quote_platform.Register();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            throw $Error("wrong wire type");
                        if (value = reader.uint32())
                            message.pcr = value;
                        else
                            delete message.pcr;
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            throw $Error("wrong wire type");
                        if ((value = reader.bytes()).length)
                            message.digest = value;
                        else
                            delete message.digest;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Register;
    })();

    return quote_platform;
})();

export {
  $root as default
};
