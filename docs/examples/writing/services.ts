/** What is somebody else's: stands for a bank and a carrier in the examples of this folder. */
export const bank = {
  async charge(cents: number, key: string, signal: AbortSignal) {
    signal.throwIfAborted();
    return { declined: cents > 1_000_000, id: `charge-${key}` };
  },
  async refund(_receiptId: string, _key: string) {},
};

export const carrier = {
  async ship(orderNumber: string) {
    return { parcel: `parcel-${orderNumber}` };
  },
};
