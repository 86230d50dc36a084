/** A device has refused the PIN that is configured: each start with it costs an attempt, until the device locks. */
export class RefusedPinError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RefusedPinError";
  }
}
