#!/bin/sh
# For git-sync's --pre-publish-exechook-command, which takes a command without arguments and runs it in the new checkout
# before that is published: what fails here never goes live, and the daemon keeps the last commit that was good.
# CLOUDSYNC_TASKS names the directory of the manifests in the repository; tasks.d when it is not set.
set -eu
case ${CLOUDSYNC_TASKS:-tasks.d} in
/*)
  echo "CLOUDSYNC_TASKS must be relative to the root of the repository, not $CLOUDSYNC_TASKS: an absolute path leads to what is published already." >&2
  exit 64
  ;;
esac
exec cloudsync validate
