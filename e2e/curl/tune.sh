#!/usr/bin/env bash
# Plain curl, as the README shows it: uploads, tunes, follows and chats. Usage: tune.sh TRAIN.jsonl MODEL
# OPENAI_BASE_URL and OPENAI_API_KEY say where. Needs curl and sed only.
set -euo pipefail
train=$1
model=$2
auth="Authorization: Bearer ${OPENAI_API_KEY}"

# The first value of a key in a JSON text: enough for ids and words.
value() { sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' | head -1; }

file=$(curl -sSf "$OPENAI_BASE_URL/files" -H "$auth" -F purpose=fine-tune -F "file=@$train" | tr ',' '\n' | value id)
echo "file $file"
[[ $file == file-* ]]

job=$(curl -sSf "$OPENAI_BASE_URL/fine_tuning/jobs" -H "$auth" -H "Content-Type: application/json" \
    -d '{"model":"'"$model"'","training_file":"'"$file"'","suffix":"curl","hyperparameters":{"n_epochs":1}}' | tr ',' '\n' | grep -o '"ftjob-[^"]*"' | head -1 | tr -d '"')
echo "job $job"
[[ $job == ftjob-* ]]

for _ in $(seq 240); do
    status=$(curl -sSf "$OPENAI_BASE_URL/fine_tuning/jobs/$job" -H "$auth" | tr ',' '\n' | value status)
    case $status in succeeded | failed | cancelled) break ;; esac
    sleep 0.5
done
echo "status $status"
[[ $status == succeeded ]]
curl -sSf "$OPENAI_BASE_URL/fine_tuning/jobs/$job/events?limit=100" -H "$auth" | grep -q "The job has successfully completed"

tuned=$(curl -sSf "$OPENAI_BASE_URL/fine_tuning/jobs/$job" -H "$auth" | tr ',' '\n' | value fine_tuned_model)
echo "model $tuned"
[[ $tuned == ft:$model:*:curl:* ]]

curl -sSf "$OPENAI_BASE_URL/chat/completions" -H "$auth" -H "Content-Type: application/json" \
    -d '{"model":"'"$tuned"'","messages":[{"role":"user","content":"Say hello."}],"max_tokens":8,"temperature":0}' | grep -q '"chat.completion"'
curl -sSfN "$OPENAI_BASE_URL/chat/completions" -H "$auth" -H "Content-Type: application/json" \
    -d '{"model":"'"$tuned"'","messages":[{"role":"user","content":"Say hello."}],"max_tokens":8,"temperature":0,"stream":true}' | tail -2 | grep -q '^data: \[DONE\]'

# What is wrong is told with the right status and one error object.
code=$(curl -sS -o /dev/null -w '%{http_code}' "$OPENAI_BASE_URL/fine_tuning/jobs/ftjob-nowhere" -H "$auth")
[[ $code == 404 ]]
echo "curl ok"
