# Every process of Downbeat from one image; docker-compose.yml says which runs where.

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /downbeat
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
# What is installed depends on these alone, so that its layer stays until one of them changes.
COPY package.json package-lock.json ./
COPY apps/cli/package.json apps/cli/
COPY apps/create/package.json apps/create/
COPY apps/engine/package.json apps/engine/
COPY apps/server/package.json apps/server/
COPY apps/travel/package.json apps/travel/
COPY apps/web/package.json apps/web/
COPY e2e/package.json e2e/
COPY packages/access/package.json packages/access/
COPY packages/analytics/package.json packages/analytics/
COPY packages/api/package.json packages/api/
COPY packages/cluster/package.json packages/cluster/
COPY packages/cold-history/package.json packages/cold-history/
COPY packages/domain/package.json packages/domain/
COPY packages/embedded-log/package.json packages/embedded-log/
COPY packages/engine/package.json packages/engine/
COPY packages/message-log/package.json packages/message-log/
COPY packages/output/package.json packages/output/
COPY packages/protocol/package.json packages/protocol/
COPY packages/pulsar/package.json packages/pulsar/
COPY packages/read-model/package.json packages/read-model/
COPY packages/sdk/package.json packages/sdk/
COPY packages/testing/package.json packages/testing/
COPY packages/wire/package.json packages/wire/
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN npx turbo run build --filter=@downbeat/web && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
WORKDIR /downbeat
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 DOWNBEAT_DATA_DIR=/data
COPY --from=build /downbeat ./
# Whatever the umask was that it was checked out with: an access file that others may write is refused.
RUN mkdir /data && chown node:node /data && chmod go-w docker/access.json
VOLUME /data
# node, by its number: that it isn't root can be told before it runs (runAsNonRoot).
USER 1000:1000
CMD ["node", "apps/cli/src/main.ts", "--help"]
