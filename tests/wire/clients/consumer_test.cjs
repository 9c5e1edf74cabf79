// What others have built on Kinesis, against riacho-endpoint: lifion-kinesis, a consumer library that reads by
// GetRecords and by enhanced fan-out and keeps its leases in DynamoDB (here dynalite), and aws-kinesis-agg, whose
// aggregated records must pass through unharmed.
//
// usage: node consumer_test.cjs RIACHO_ENDPOINT
'use strict';
const assert = require('node:assert/strict');
const { EventEmitter, once } = require('node:events');
const { createRequire } = require('node:module');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');
const { Kinesis } = require('@aws-sdk/client-kinesis');
const { RecordAggregator, deaggregateSync } = require('aws-kinesis-agg');
const dynalite = require('dynalite');
const Consumer = require('lifion-kinesis');
const { Endpoint, configuration, credentials } = require('./endpoint.cjs');

// lifion-kinesis leaves it to aws4 to find the host of a subscription, which looks at options that got does not have,
// and then takes that of the service: it is told.
const aws4 = createRequire(require.resolve('lifion-kinesis'))('aws4');
const { sign } = aws4;
aws4.sign = (options, signer) =>
  sign(Object.assign(options, { hostname: options.url.hostname, port: options.url.port }), signer);

let endpoint;
let kinesis;
let tables;
before(async () => {
  endpoint = await Endpoint.start(process.argv[2], '--port=0', '--stream=polled:2', '--stream=pushed:2',
    '--stream=aggregated:1');
  kinesis = new Kinesis(configuration(endpoint));
  tables = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  tables.listen(0, '127.0.0.1');
  await once(tables, 'listening');
});
after(async () => {
  kinesis.destroy();
  tables.close();
  tables.closeAllConnections();
  await endpoint.stop();
});

// What a consumer has seen of each key: ten batches, each of which is put when the one before has been seen, since the
// library takes no more than one event of a subscription in one piece.
async function consume(streamName, options) {
  const happened = new EventEmitter();
  const account = { region: 'us-east-1', ...credentials };
  const consumer = new Consumer({
    streamName, endpoint: endpoint.url, ...account, createStreamIfNeeded: false, pollDelay: 250,
    dynamoDb: { endpoint: `http://127.0.0.1:${tables.address().port}`, tableName: `leases-of-${streamName}`, ...account },
    logger: { debug: (text) => happened.emit(text), warn: () => {}, error: console.error },
    ...options,
  });
  let subscriptions = 0;
  happened.on('Subscription to shard is successful.', () => {
    if (++subscriptions === 2) happened.emit('subscribed');
  });
  const seen = new Map();
  let missing = 0;
  consumer.on('data', ({ records }) => {
    for (const { partitionKey, data } of records)
      seen.set(partitionKey, [...seen.get(partitionKey) ?? [], data.toString()]);
    missing -= records.length;
    if (missing === 0) happened.emit('seen');
  });
  try {
    const subscribed = options.useEnhancedFanOut ? once(happened, 'subscribed') : null;
    await consumer.startConsumer();
    await subscribed;
    for (let batch = 0; batch < 10; ++batch) {
      missing = 20;
      const all = once(happened, 'seen');
      await kinesis.putRecords({
        StreamName: streamName,
        Records: Array.from({ length: missing }, (_, i) => (
          { Data: Buffer.from(`record ${batch * 20 + i}`), PartitionKey: `key ${i % 10}` })),
      });
      await all;
    }
  } finally {
    consumer.stopConsumer();
  }
  return seen;
}

function expectAllInOrder(seen) {
  assert.equal(seen.size, 10);
  for (let key = 0; key < 10; ++key)
    assert.deepEqual(seen.get(`key ${key}`), Array.from({ length: 20 }, (_, i) => `record ${i * 10 + key}`));
}

test('lifion-kinesis reads by GetRecords', { timeout: 60_000 }, async () => {
  expectAllInOrder(await consume('polled', { initialPositionInStream: 'TRIM_HORIZON' }));
});

test('lifion-kinesis reads by enhanced fan-out', { timeout: 60_000 }, async () => {
  expectAllInOrder(await consume('pushed', { useEnhancedFanOut: true, maxEnhancedConsumers: 1 }));
});

test('aggregated records pass through unharmed', { timeout: 60_000 }, async () => {
  const userRecords = Array.from({ length: 50 }, (_, i) => ({ partitionKey: `user ${i % 7}`, data: Buffer.from([i, 0, 255, 128]) }));
  const aggregate = promisify((records, done) => new RecordAggregator().aggregateRecords(records, true, done));
  const encoded = await aggregate(userRecords);
  await kinesis.putRecord({ StreamName: 'aggregated', Data: encoded.data, PartitionKey: encoded.partitionKey });
  const { ShardIterator } = await kinesis.getShardIterator(
    { StreamName: 'aggregated', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' });
  const { Records: [record] } = await kinesis.getRecords({ ShardIterator });
  assert.deepEqual(Buffer.from(record.Data), Buffer.from(encoded.data));
  deaggregateSync(record, true, (error, found) => {
    assert.ifError(error);
    assert.deepEqual(found.map(({ PartitionKey, Data }) => [PartitionKey, Buffer.from(Data, 'base64')]),
      userRecords.map(({ partitionKey, data }) => [partitionKey, data]));
  });
});
