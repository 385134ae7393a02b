# The image runs one node: alone with its data in /data, or as one of several with DATABASE_URL and REDIS_URL.
ARG NODE_VERSION=24

FROM node:${NODE_VERSION}-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# npm ci links the workspaces, so it needs their package.json.
COPY client/package.json client/
COPY web/package.json web/

FROM manifests AS build
RUN npm ci --ignore-scripts --include-workspace-root --workspace client --workspace web
COPY . .
RUN npm run build

FROM manifests AS dependencies
# Prisma's command line and TypeScript are peer dependencies of its client, and more than half of the size. A node needs neither.
RUN npm ci --omit=dev --ignore-scripts --workspaces=false && npm uninstall --no-save --omit=dev --ignore-scripts --workspaces=false prisma typescript
# Neither does it need the query compilers of other databases, and the files that only debuggers read.
RUN find node_modules/@prisma/client/runtime -name 'query_compiler_*' ! -name 'query_compiler_fast_bg.postgresql.*' -delete && find node_modules -name '*.map' -delete

FROM node:${NODE_VERSION}-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DATA_DIR=/data
WORKDIR /app
# A node refuses to start with a data directory that other accounts can read.
RUN mkdir -m 700 /data && chown node:node /data
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# A node applies the migrations when it starts.
COPY prisma/migrations prisma/migrations
COPY package.json ./
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ADMIN_PORT || process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# After SIGTERM a node needs up to 18 s to drain its clients: docker stop -t 20.
STOPSIGNAL SIGTERM
# Beside main.js: dist/move.js copies an embedded database to PostgreSQL, dist/files.js checks and moves the files of users, dist/service-token.js prints a token for a backend.
CMD ["node", "dist/main.js"]
