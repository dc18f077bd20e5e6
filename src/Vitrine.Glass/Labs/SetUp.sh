# The lesson's root filesystem ($ROOTFS) and image ($IMAGE): of the host's busybox, or of an image that was asked for.
set -eu
export TMPDIR=/run/vitrine-lab
mkdir "$ROOTFS"
cd "$ROOTFS"

if [ -n "${LAB_BUSYBOX:-}" ]; then
  mkdir -p bin dev etc proc root sys tmp var/log
  chmod 1777 tmp
  cp "$LAB_BUSYBOX" bin/busybox
  if ! chroot . /bin/busybox true 2>/dev/null; then
    echo "$LAB_BUSYBOX needs libraries, which the image would lack: apt install busybox-static, or name another with --image"
    exit 1
  fi
  for applet in $(bin/busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh
user:x:1000:1000:user:/tmp:/bin/sh' >etc/passwd
  echo 'root:x:0:
user:x:1000:' >etc/group
  tar -cf - . | vitrine import --change 'CMD ["sh"]' - "$IMAGE" >/dev/null
else
  if [ -n "${LAB_ARCHIVE:-}" ]; then
    loaded=$(vitrine load --quiet --input "$LAB_ARCHIVE")
  else
    loaded=$(vitrine --data-root "$LAB_USER_STORE" save "$LAB_IMAGE" | vitrine load --quiet)
  fi
  # "Loaded image: NAME" or "Loaded image ID: sha256:..."
  vitrine tag "$(echo "$loaded" | sed -n '1s/^Loaded image[^:]*: //p')" "$IMAGE"
  container=$(vitrine create --network none "$IMAGE")
  vitrine export "$container" | tar -xf -
  vitrine rm "$container" >/dev/null
fi

# To copy from: what a lesson changes is its own.
mount --bind "$ROOTFS" "$ROOTFS"
mount -o remount,bind,ro "$ROOTFS"
