# comments as a container: built on Debian 13, run from scratch: no shell, nothing writable but /data, as nobody
# in particular. The same commit on the same packages gives the same digest; scripts/image passes what that needs:
#   scripts/image                     here, by buildah or Docker, whichever is there
#   docker build -t comments . && docker run -p 8000:8080 -v comments:/data comments
FROM docker.io/library/debian:trixie-slim AS build
# What the base brings is shipped, too, and is as old as the base: first what Debian has mended since.
RUN apt-get update -qq && apt-get upgrade -y -qq && apt-get install -y -qq --no-install-recommends \
      g++ cmake ninja-build pkg-config python3 ca-certificates tzdata libcpp-httplib-dev libcli11-dev libfmt-dev \
      libspdlog-dev nlohmann-json3-dev libsqlite3-dev libpq-dev libssl-dev zlib1g-dev
WORKDIR /src
COPY CMakeLists.txt CMakePresets.json LICENSE ./
COPY core core
COPY cli cli
ARG COMMIT=unknown
RUN CXXFLAGS=-ffile-prefix-map=/src=. cmake --preset release -DBUILD_TESTING=OFF -DCOMMENTS_COMMIT="$COMMIT" \
 && cmake --build --preset release --target comments \
 && strip build/release/comments
COPY scripts/sbom scripts/image-root scripts/
# Seconds since 1970, of the commit: no time of the build is in the image.
ARG SOURCE_DATE_EPOCH=0
ARG VERSION=unknown
RUN scripts/sbom --binary build/release/comments --build build/release --data ca-certificates --data tzdata \
      --version "$VERSION" --commit "$COMMIT" --output /sbom.spdx.json \
 && scripts/image-root /sbom.spdx.json build/release/comments LICENSE /root-fs \
 && mkdir /data && touch -d "@$SOURCE_DATE_EPOCH" /data

# Only the SBOM: docker build --target sbom --output . .
FROM scratch AS sbom
COPY --from=build /sbom.spdx.json /

FROM scratch
COPY --from=build /root-fs/ /
COPY --from=build --chown=65532:65532 /data /data
ARG COMMIT=unknown
ARG VERSION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=
LABEL org.opencontainers.image.title=comments \
      org.opencontainers.image.description="A comment service, its client, and the tool that puts it into production" \
      org.opencontainers.image.licenses=MIT \
      org.opencontainers.image.source=$SOURCE \
      org.opencontainers.image.revision=$COMMIT \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.created=$CREATED
ENV PORT=8080 COMMENTS_STORE=sqlite:/data/comments.db
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Not ready, or not wholly, is unhealthy: `comments status --help`. Nothing is restarted for it here.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/usr/bin/comments", "status", "--quiet"]
ENTRYPOINT ["/usr/bin/comments"]
CMD ["serve"]
