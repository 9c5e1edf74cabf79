// Records a second of an emulator of the service on this machine, by its natural client: the SDK over HTTP, connections kept.
//
//   npm install && node measure.mjs                           kinesalite, in memory, started here
//   node measure.mjs NAME http://127.0.0.1:4566               an emulator that is running already
//
// Each figure is the median of seven runs of a second or so, sixteen calls in flight, 100-byte records with 16-byte keys, a
// stream of four shards that has just been made. The last line is an argument for goals_bench, which compares.
import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {CreateStreamCommand, DeleteStreamCommand, DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand,
        KinesisClient, PutRecordCommand, PutRecordsCommand} from '@aws-sdk/client-kinesis';
import {NodeHttpHandler} from '@smithy/node-http-handler';

const kPort = 4567;
const kInFlight = 16;
const kRuns = 7;
const kRunMillis = 1000;
const kData = Buffer.alloc(100, 'd');

const wait = (millis) => new Promise((done) => setTimeout(done, millis));
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

let next = 0;
const key = () => String(next++).padStart(16, 'k');

// Calls `call`, which answers how many records it was about, as often as a run lasts; records a second.
async function perSecond(call) {
  let records = 0;
  const start = performance.now();
  const caller = async () => {
    while (performance.now() - start < kRunMillis) {
      const about = await call();
      records += about;
    }
  };
  await Promise.all(Array.from({length: kInFlight}, caller));
  return (records * 1000) / (performance.now() - start);
}

// A stream of its own for each run: emulators grow slow with what they keep.
async function newStream(client) {
  const StreamName = `measured-${process.pid}-${next++}`;
  await client.send(new CreateStreamCommand({StreamName, ShardCount: 4}));
  for (;;) {
    const {StreamDescriptionSummary: summary} = await client.send(new DescribeStreamSummaryCommand({StreamName}));
    if (summary.StreamStatus === 'ACTIVE') return StreamName;
    await wait(20);
  }
}

// What an emulator throttles, as the service does, is not counted.
async function putRecords(client, StreamName) {
  const Records = Array.from({length: 500}, () => ({Data: kData, PartitionKey: key()}));
  const answer = await client.send(new PutRecordsCommand({StreamName, Records}));
  return Records.length - (answer.FailedRecordCount ?? 0);
}

async function putRecord(client, StreamName) {
  try {
    await client.send(new PutRecordCommand({StreamName, Data: kData, PartitionKey: key()}));
    return 1;
  } catch (error) {
    if (error.name === 'ProvisionedThroughputExceededException') return 0;
    throw error;
  }
}

async function getRecords(client, StreamName) {
  const ShardId = `shardId-${String(next++ % 4).padStart(12, '0')}`;
  const {ShardIterator} = await client.send(
      new GetShardIteratorCommand({StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON'}));
  const {Records} = await client.send(new GetRecordsCommand({ShardIterator, Limit: 1000}));
  return Records.length;
}

async function measure(client, work, prepare = async () => {}) {
  const runs = [];
  for (let run = 0; run < kRuns; ++run) {
    const stream = await newStream(client);
    await prepare(stream);
    runs.push(await perSecond(() => work(client, stream)));
    await client.send(new DeleteStreamCommand({StreamName: stream}));
  }
  return Math.round(median(runs));
}

const [name = 'kinesalite', endpoint = `http://127.0.0.1:${kPort}`] = process.argv.slice(2);
let server;
if (process.argv.length < 4) {
  const program = fileURLToPath(new URL('node_modules/kinesalite/cli.js', import.meta.url));
  const options = ['--port', kPort, '--createStreamMs', 1, '--deleteStreamMs', 1, '--shardLimit', 1000].map(String);
  server = spawn(process.execPath, [program, ...options], {stdio: 'ignore'});
  await wait(2000);
}
const client = new KinesisClient({
  endpoint,
  region: 'us-east-1',
  credentials: {accessKeyId: 'none', secretAccessKey: 'none'},
  requestHandler: new NodeHttpHandler(),
  maxAttempts: 1,
});
try {
  const puts = await measure(client, putRecord);
  const batches = await measure(client, putRecords);
  const reads = await measure(client, getRecords, async (stream) => {
    for (let call = 0; call < 10; ++call) await putRecords(client, stream);
  });
  console.log(`${name}, records a second: PutRecords of 500 ${batches}, PutRecord ${puts}, GetRecords of 1,000 ${reads}`);
  console.log(`--emulator=${name},${batches},${puts},${reads}`);
} finally {
  client.destroy();
  server?.kill();
}
