import { connect } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";

const connection = connect("wss://pulsar.example:8443", {
  tenant: "acme",
  namespace: "orders",
  tokenFile: "token",
});
const shop = client({ connection });
console.log(`${shop.actor} asks at ${connection.address}`);
await connection.close();
