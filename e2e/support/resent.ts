/** For `route.fetch`: the server may close a kept connection just as a request goes out on it, and then it is sent again. */
export const resent = { maxRetries: 3 } as const;
