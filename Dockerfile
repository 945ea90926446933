# Every process of Downbeat from one image; docker-compose.yml says which runs where.

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /downbeat
ENV NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
RUN npx turbo run build --filter=@downbeat/web && npm prune --omit=dev --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
WORKDIR /downbeat
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 DOWNBEAT_DATA_DIR=/data
COPY --from=build /downbeat ./
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
CMD ["node", "apps/cli/src/main.ts", "--help"]
