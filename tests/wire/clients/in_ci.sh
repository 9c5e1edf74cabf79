#!/bin/sh
# What the guide says of CI, for aws_cli_test.sh, which has its own `pytest`.

# [START ci]
riacho-endpoint --port 0 --stream orders:2 > url.txt &
trap 'kill $!' EXIT
until [ -s url.txt ]; do sleep 0.05; done
KINESIS_URL=$(cat url.txt) pytest
# [END ci]
