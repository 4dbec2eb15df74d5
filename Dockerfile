# comments as a container: built on Debian 13, run without a shell's needs as nobody in particular.
#   docker build --build-arg COMMIT=$(git rev-parse HEAD) -t comments .
#   docker run -p 8000:8080 -v comments:/data comments
FROM debian:trixie-slim AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends \
      g++ cmake ninja-build pkg-config ca-certificates libcpp-httplib-dev libcli11-dev libfmt-dev \
      libspdlog-dev nlohmann-json3-dev libsqlite3-dev libpq-dev libssl-dev zlib1g-dev
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json LICENSE README.md ./
COPY core core
COPY cli cli
ARG COMMIT=unknown
RUN cmake --preset release -DBUILD_TESTING=OFF -DCOMMENTS_COMMIT="$COMMIT" \
 && cmake --build --preset release --target comments \
 && strip build/release/comments \
 && mkdir -p /root-fs/usr/bin /root-fs/data /root-fs/etc/ssl/certs \
 && cp build/release/comments /root-fs/usr/bin/ \
 && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ \
 && ldd build/release/comments | grep -o '/[^ ]*' | sort -u | xargs -I{} cp -L --parents {} /root-fs/

FROM scratch
COPY --from=build /root-fs/ /
COPY --from=build --chown=65532:65532 /root-fs/data /data
ENV PORT=8080 COMMENTS_STORE=sqlite:/data/comments.db
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Not ready, or not wholly, is unhealthy: `comments status --help`. Nothing is restarted for it here.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/usr/bin/comments", "status", "--quiet"]
ENTRYPOINT ["/usr/bin/comments"]
CMD ["serve"]
