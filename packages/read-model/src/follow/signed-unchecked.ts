/** What a server says that reads signed records of history without keys. */
export const signedUncheckedSentence =
  "Records of history are signed, and this server has no keys to check them by: what somebody forged is shown as what happened. Start it with the file of keys (DOWNBEAT_RECORD_KEYS_FILE).";
