/** The classes of objects that keys are made of. */
export const KEY_CLASSES = ["PRIVATE_KEY", "PUBLIC_KEY", "SECRET_KEY"] as const;
export type KeyClass = typeof KEY_CLASSES[number];
