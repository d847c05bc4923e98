// The official SDK, unmodified: uploads, tunes, follows and chats. Usage: node tune.js TRAIN.jsonl VALIDATION.jsonl MODEL
// OPENAI_BASE_URL and OPENAI_API_KEY say where, as for any program that uses the SDK.
import assert from "node:assert/strict";
import fs from "node:fs";
import OpenAI from "openai";

const [train, validation, model] = process.argv.slice(2);
const client = new OpenAI();

const trainingFile = await client.files.create({ file: fs.createReadStream(train), purpose: "fine-tune" });
const validationFile = await client.files.create({ file: fs.createReadStream(validation), purpose: "fine-tune" });
assert.equal(trainingFile.object, "file");
assert.equal(trainingFile.bytes, fs.statSync(train).size);
await client.files.waitForProcessing(trainingFile.id);
assert.equal(await (await client.files.content(trainingFile.id)).text(), fs.readFileSync(train, "utf8"));

const listed = [];
for await (const file of client.files.list({ purpose: "fine-tune" })) listed.push(file.id);
assert.ok(listed.includes(trainingFile.id) && listed.includes(validationFile.id));

const created = await client.fineTuning.jobs.create({
    model,
    training_file: trainingFile.id,
    validation_file: validationFile.id,
    suffix: "node",
    seed: 11,
    metadata: { from: "node" },
    method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 2, batch_size: 4 } } },
});
console.log("job", created.id, created.status);
assert.equal(created.object, "fine_tuning.job");

let job = created;
const seen = new Map();
const deadline = Date.now() + 120_000;
while (!["succeeded", "failed", "cancelled"].includes(job.status)) {
    assert.ok(Date.now() < deadline, "the job did not end in two minutes");
    await new Promise((resolve) => setTimeout(resolve, 300));
    job = await client.fineTuning.jobs.retrieve(created.id);
}
for await (const event of client.fineTuning.jobs.listEvents(created.id, { limit: 3 })) seen.set(event.id, event);
assert.equal(job.status, "succeeded", JSON.stringify(job.error));
assert.match(job.fine_tuned_model, new RegExp(`^ft:${model}:[^:]*:node:[A-Za-z0-9]{8}$`));
assert.ok(job.trained_tokens > 0 && job.finished_at >= job.created_at);
assert.equal(job.error, null);
const metrics = [...seen.values()].filter((event) => event.type === "metrics");
assert.ok(metrics.length > 0 && metrics.every((event) => event.data.train_loss > 0));
assert.ok([...seen.values()].some((event) => event.message === "The job has successfully completed"));

const checkpoints = (await client.fineTuning.jobs.checkpoints.list(created.id)).data;
assert.ok(checkpoints.length > 0);
const found = [];
for await (const one of client.fineTuning.jobs.list({ metadata: { from: "node" } })) found.push(one.id);
assert.deepEqual(found, [created.id]);
const result = await client.files.content(job.result_files[0]);
assert.ok((await result.text()).length > 0);

const messages = [{ role: "system", content: "Answer briefly." }, { role: "user", content: "Say hello." }];
const whole = await client.chat.completions.create({ model: job.fine_tuned_model, messages, temperature: 0, max_completion_tokens: 12 });
assert.equal(whole.object, "chat.completion");
assert.ok(whole.usage.prompt_tokens > 0 && whole.usage.completion_tokens > 0);
let streamed = "";
let usage;
const stream = await client.chat.completions.create({
    model: job.fine_tuned_model, messages, temperature: 0, max_completion_tokens: 12, stream: true, stream_options: { include_usage: true },
});
for await (const chunk of stream) {
    streamed += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
}
assert.equal(streamed, whole.choices[0].message.content, "streaming and not streaming must say the same at temperature 0");
assert.deepEqual(usage.total_tokens, whole.usage.total_tokens);

await assert.rejects(client.fineTuning.jobs.retrieve("ftjob-nowhere"), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ model: "nobody", messages }), OpenAI.NotFoundError);
await assert.rejects(client.files.create({ file: await OpenAI.toFile(Buffer.from(""), "empty.jsonl"), purpose: "fine-tune" }), OpenAI.BadRequestError);

assert.equal((await client.models.delete(job.fine_tuned_model)).deleted, true);
await assert.rejects(client.models.retrieve(job.fine_tuned_model), OpenAI.NotFoundError);
console.log("node sdk ok");
