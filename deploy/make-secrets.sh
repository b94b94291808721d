#!/usr/bin/env bash
# Makes the files of deploy/secrets that compose.yaml names, each with a random value; files that are there stay as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077
mkdir -p secrets
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
# Containers run as other accounts and see the files alone, not this folder, which stays closed.
make() { [ -s "secrets/$1" ] || { printf '%s' "$2" >"secrets/$1" && chmod 0444 "secrets/$1"; }; }
value() { cat "secrets/$1"; }

make postgres_password "$(random)"
make redis_password "$(random)"
make secret_key "$(random)"
make admin_password "$(random)"
make s3_key "$(random)"
make s3_secret "$(random)"
make database_url "postgres://annolith:$(value postgres_password)@postgres:5432/annolith"
make redis_url "redis://:$(value redis_password)@redis:6379/0"
make redis.conf "requirepass $(value redis_password)
appendonly yes
appendfsync everysec
maxmemory-policy noeviction"
make s3.json "{\"identities\":[{\"name\":\"annolith\",\"credentials\":[{\"accessKey\":\"$(value s3_key)\",\"secretKey\":\"$(value s3_secret)\"}],\"actions\":[\"Admin\",\"Read\",\"Write\",\"List\",\"Tagging\"]}]}"
echo "secrets/ is complete; the first administrator is admin with the password in secrets/admin_password"
