import { aesCodec, connect, keysFromEnvironment } from "@downbeat/sdk";

/** For all workers and clients: `worker({ connection, … })`, `client({ connection })`. */
export const connection = connect({
  codec: aesCodec({ keys: keysFromEnvironment(), label: "customer" }),
});
