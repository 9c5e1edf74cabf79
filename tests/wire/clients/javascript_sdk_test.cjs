// The AWS SDK for JavaScript against riacho-endpoint: every operation, by HTTP/2 as the SDK chooses, and
// subscriptions over a reshard and beyond their five minutes.
//
// usage: node javascript_sdk_test.cjs RIACHO_ENDPOINT RIACHO_VIRTUAL_ENDPOINT
'use strict';
const assert = require('node:assert/strict');
const { execFile } = require('node:child_process');
const fs = require('node:fs/promises');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { promisify } = require('node:util');
const sdk = require('@aws-sdk/client-kinesis');
const { Endpoint, arnOf, configuration } = require('./endpoint.cjs');

const [program, virtualProgram] = process.argv.slice(2);
const middleOfTheKeys = (2n ** 127n).toString();
const bytes = (text) => new TextEncoder().encode(text);
const textOf = (record) => new TextDecoder().decode(record.Data);

const called = new Set();
const clients = [];
function clientOf(endpoint, more) {
  const client = new sdk.Kinesis(configuration(endpoint, more));
  client.middlewareStack.add((next, context) => (args) => {
    called.add(context.commandName);
    return next(args);
  }, { step: 'initialize', name: 'remember' });
  clients.push(client);
  return client;
}

let endpoint;
let virtual;
let kinesis;
let virtualKinesis;
before(async () => {
  endpoint = await Endpoint.start(program, '--port=0', '--limits=off');
  virtual = await Endpoint.start(virtualProgram);
  kinesis = clientOf(endpoint);
  virtualKinesis = clientOf(virtual);
});
after(async () => {
  for (const client of clients) client.destroy();
  await endpoint.stop();
  await virtual.stop(null);
});

async function create(name, shards = 1, client = kinesis) {
  await client.createStream({ StreamName: name, ShardCount: shards });
  await sdk.waitUntilStreamExists({ client, maxWaitTime: 20 }, { StreamName: name });
}

async function readAll(name, shard) {
  const { ShardIterator } = await kinesis.getShardIterator(
    { StreamName: name, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' });
  return kinesis.getRecords({ ShardIterator });
}

test('streams', async () => {
  await create('streams', 2);
  const { StreamDescription } = await kinesis.describeStream({ StreamName: 'streams' });
  assert.equal(StreamDescription.StreamARN, arnOf('streams'));
  assert.equal(StreamDescription.Shards.length, 2);
  assert.ok(Math.abs(Date.now() - StreamDescription.StreamCreationTimestamp) < 60_000);
  const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName: 'streams' });
  assert.equal(StreamDescriptionSummary.OpenShardCount, 2);
  const names = [];
  await create('streams-2');
  for await (const page of sdk.paginateListStreams({ client: kinesis, pageSize: 1 }, {}))
    names.push(...page.StreamNames);
  assert.ok(names.includes('streams') && names.includes('streams-2'), names);
  await kinesis.deleteStream({ StreamName: 'streams-2' });
  await sdk.waitUntilStreamNotExists({ client: kinesis, maxWaitTime: 20 }, { StreamName: 'streams-2' });
});

test('records are bytes', async () => {
  await create('records');
  const everyByte = Uint8Array.from({ length: 256 }, (_, i) => i);
  const put = await kinesis.putRecord({ StreamName: 'records', Data: everyByte, PartitionKey: 'ä日本' });
  const puts = await kinesis.putRecords({
    StreamName: 'records',
    Records: [{ Data: new Uint8Array(), PartitionKey: 'empty' }, { Data: bytes('last'), PartitionKey: 'k' }],
  });
  assert.equal(puts.FailedRecordCount, 0);
  const { Records, NextShardIterator } = await readAll('records', put.ShardId);
  assert.deepEqual(Records.map((record) => record.PartitionKey), ['ä日本', 'empty', 'k']);
  assert.deepEqual(Uint8Array.from(Records[0].Data), everyByte);
  assert.equal(Records[0].SequenceNumber, put.SequenceNumber);
  assert.equal(Records[1].Data.length, 0);
  assert.ok(Math.abs(Date.now() - Records[2].ApproximateArrivalTimestamp) < 60_000);
  assert.deepEqual((await kinesis.getRecords({ ShardIterator: NextShardIterator })).Records, []);
});

test('many calls at once, by HTTP/2', async () => {
  assert.equal(kinesis.config.requestHandler.metadata.handlerProtocol, 'h2');
  await create('parallel', 4);
  const puts = await Promise.all(Array.from({ length: 200 }, (_, i) =>
    kinesis.putRecord({ StreamName: 'parallel', Data: bytes(`${i}`), PartitionKey: `${i}` })));
  assert.equal(new Set(puts.map((put) => put.SequenceNumber)).size, 200);
});

test('the guide says what works', async () => {
  await create('orders');
  const { url } = endpoint;
  {
    // [START javascript]
    const { KinesisClient, PutRecordCommand } = require('@aws-sdk/client-kinesis');

    const kinesis = new KinesisClient({
      endpoint: url, region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await kinesis.send(new PutRecordCommand({
      StreamName: 'orders', Data: Buffer.from('paid'), PartitionKey: 'order-17',
    }));
    // [END javascript]
    clients.push(kinesis);
  }
  const { Records } = await readAll('orders', 'shardId-000000000000');
  assert.deepEqual(Records.map(textOf), ['paid']);
});

test('resharding', async () => {
  await create('shards');
  const StreamName = 'shards';
  await kinesis.splitShard(
    { StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: middleOfTheKeys });
  await kinesis.mergeShards({
    StreamName, ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' });
  const count = await kinesis.updateShardCount(
    { StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
  assert.equal(count.TargetShardCount, 2);
  const { Shards } = await kinesis.listShards({ StreamName });
  assert.deepEqual(Shards.map((shard) => shard.ParentShardId ?? null),
    [null, 'shardId-000000000000', 'shardId-000000000000', 'shardId-000000000001',
      'shardId-000000000003', 'shardId-000000000003']);
});

test('settings', async () => {
  await create('settings');
  const StreamName = 'settings';
  const StreamARN = arnOf('settings');
  await kinesis.increaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 48 });
  await kinesis.decreaseStreamRetentionPeriod({ StreamName, RetentionPeriodHours: 24 });
  await kinesis.updateMaxRecordSize({ StreamARN, MaxRecordSizeInKiB: 2048 });
  const enabled = await kinesis.enableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['ALL'] });
  assert.equal(enabled.DesiredShardLevelMetrics.length, 7);
  await kinesis.disableEnhancedMonitoring({ StreamName, ShardLevelMetrics: ['ALL'] });
  const key = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
  await kinesis.startStreamEncryption(key);
  const put = await kinesis.putRecord({ StreamName, Data: bytes('secret'), PartitionKey: 'k' });
  assert.equal(put.EncryptionType, 'KMS');
  assert.equal(textOf((await readAll(StreamName, put.ShardId)).Records[0]), 'secret');
  await kinesis.stopStreamEncryption(key);
  await kinesis.updateStreamMode({ StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  await kinesis.updateStreamRecordDistributionStrategy({ StreamARN, RecordDistributionStrategy: 'AUTO' });
  const keyless = await kinesis.putRecord({ StreamName, Data: bytes('anywhere') });
  assert.match(keyless.ShardId, /^shardId-/);
});

test('the account', async () => {
  assert.ok((await kinesis.describeLimits({})).ShardLimit > 0);
  const MinimumThroughputBillingCommitment = { Status: 'ENABLED' };
  const updated = await kinesis.updateAccountSettings({ MinimumThroughputBillingCommitment });
  assert.equal(updated.MinimumThroughputBillingCommitment.Status, 'ENABLED');
  const settings = await kinesis.describeAccountSettings({});
  assert.equal(settings.MinimumThroughputBillingCommitment.Status, 'ENABLED');
  await kinesis.createStream({ StreamName: 'warm', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  const warm = await kinesis.updateStreamWarmThroughput({ StreamName: 'warm', WarmThroughputMiBps: 10 });
  assert.equal(warm.WarmThroughput.TargetMiBps, 10);
});

test('tags and policies', async () => {
  await create('tags');
  const StreamName = 'tags';
  const ResourceARN = arnOf('tags');
  await kinesis.addTagsToStream({ StreamName, Tags: { team: 'billing', stage: 'test' } });
  await kinesis.removeTagsFromStream({ StreamName, TagKeys: ['stage'] });
  await kinesis.tagResource({ ResourceARN, Tags: { owner: 'ana' } });
  await kinesis.untagResource({ ResourceARN, TagKeys: ['owner'] });
  const expected = [{ Key: 'team', Value: 'billing' }];
  assert.deepEqual((await kinesis.listTagsForStream({ StreamName })).Tags, expected);
  assert.deepEqual((await kinesis.listTagsForResource({ ResourceARN })).Tags, expected);
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Sid: 'Others', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' },
      Action: ['kinesis:DescribeStreamSummary', 'kinesis:ListShards', 'kinesis:PutRecord'],
      Resource: ResourceARN,
    }],
  });
  await kinesis.putResourcePolicy({ ResourceARN, Policy });
  assert.equal((await kinesis.getResourcePolicy({ ResourceARN })).Policy, Policy);
  await kinesis.deleteResourcePolicy({ ResourceARN });
});

// An engine takes them for unknown so far.
test('channels', async () => {
  const ChannelARN = 'arn:aws:kinesis:us-east-1:123456789012:channel/archive';
  const channel = {
    ChannelName: 'archive',
    ServiceExecutionRoleARN: 'arn:aws:iam::123456789012:role/archive',
    StreamConfigurationList: [
      { StreamARN: arnOf('records'), RecordConfiguration: { RecordFormatType: 'JSON' } }],
    S3DestinationConfiguration: {
      StorageConfiguration: {
        BucketARN: 'arn:aws:s3:::archive', ExpectedBucketOwner: '123456789012', CompressionType: 'GZIP' },
    },
  };
  for (const call of [
    () => kinesis.createChannel(channel),
    () => kinesis.describeChannel({ ChannelARN }),
    () => kinesis.listChannels({}),
    () => kinesis.updateChannel({ ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 60 } }),
    () => kinesis.deleteChannel({ ChannelARN }),
  ]) {
    await assert.rejects(call, (error) =>
      error.name === 'UnknownOperationException' && error.$metadata.httpStatusCode === 400);
  }
});

test('errors are of the classes of the SDK', async () => {
  await create('errors');
  await assert.rejects(kinesis.describeStream({ StreamName: 'nowhere' }), (error) => {
    assert.ok(error instanceof sdk.ResourceNotFoundException);
    assert.equal(error.message, 'Stream nowhere under account 123456789012 not found.');
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/);
    return true;
  });
  await assert.rejects(create('errors'), sdk.ResourceInUseException);
  await assert.rejects(kinesis.getRecords({ ShardIterator: 'nonsense' }), sdk.InvalidArgumentException);
  await assert.rejects(kinesis.putRecord({ StreamName: 'errors', PartitionKey: 'k' }), (error) => {
    assert.ok(error instanceof sdk.ValidationException);
    assert.equal(error.message, "1 validation error detected: Value null at 'data' failed to satisfy "
      + 'constraint: Member must not be null');
    return true;
  });
});

test('every error of the SDK is thrown', async () => {
  await create('failing', 1, virtualKinesis);
  const put = () => virtualKinesis.putRecord({ StreamName: 'failing', Data: bytes('x'), PartitionKey: 'k' });
  const errors = Object.keys(sdk).filter((name) => sdk[name].prototype instanceof sdk.KinesisServiceException);
  assert.ok(errors.length >= 16, `${errors}`);
  for (const name of errors) {
    assert.equal(await virtual.tell(`fail PutRecord ${name}`), 'ok');
    await assert.rejects(put(), (error) => {
      assert.equal(error.constructor, sdk[name]);
      assert.equal(error.name, name);
      assert.notEqual(error.message, '');
      return true;
    });
  }
  await put(); // each of them once
});

// A consumer's subscriptions to a shard, one after the other from where the last one ended, until the shard
// ends: all data, and the children. `onEvent` is called between the events.
async function follow(client, ConsumerARN, ShardId, onEvent) {
  const data = [];
  let StartingPosition = { Type: 'TRIM_HORIZON' };
  for (let subscriptions = 1; ; ++subscriptions) {
    const { EventStream } = await client.subscribeToShard({ ConsumerARN, ShardId, StartingPosition });
    for await (const { SubscribeToShardEvent: event } of EventStream) {
      data.push(...event.Records.map(textOf));
      if (event.ChildShards?.length) return { data, subscriptions, children: event.ChildShards };
      StartingPosition = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: event.ContinuationSequenceNumber };
      await onEvent(data, subscriptions);
    }
  }
}

test('a subscription across a reshard', async () => {
  await create('fan-out');
  const StreamARN = arnOf('fan-out');
  const { Consumer } = await kinesis.registerStreamConsumer({ StreamARN, ConsumerName: 'c' });
  const { ConsumerARN } = Consumer;
  assert.equal((await kinesis.describeStreamConsumer({ ConsumerARN })).ConsumerDescription.ConsumerStatus, 'ACTIVE');
  const put = (data, key) => kinesis.putRecord(
    { StreamName: 'fan-out', Data: bytes(data), PartitionKey: 'k', ExplicitHashKey: key });
  await put('first', '0');
  let split = false;
  const parent = await follow(kinesis, ConsumerARN, 'shardId-000000000000', async () => {
    if (split) return;
    split = true;
    await put('second', '0');
    await kinesis.splitShard(
      { StreamName: 'fan-out', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: middleOfTheKeys });
    await put('low', '0');
    await put('high', middleOfTheKeys);
  });
  assert.deepEqual(parent.data, ['first', 'second']);
  assert.deepEqual(parent.children.map((child) => child.ShardId), ['shardId-000000000001', 'shardId-000000000002']);
  for (const [shard, wanted] of [['shardId-000000000001', 'low'], ['shardId-000000000002', 'high']]) {
    const { EventStream } = await kinesis.subscribeToShard(
      { ConsumerARN, ShardId: shard, StartingPosition: { Type: 'TRIM_HORIZON' } });
    for await (const { SubscribeToShardEvent } of EventStream) {
      assert.deepEqual(SubscribeToShardEvent.Records.map(textOf), [wanted]);
      break;
    }
  }
  assert.equal((await kinesis.listStreamConsumers({ StreamARN })).Consumers.length, 1);
  await kinesis.deregisterStreamConsumer({ ConsumerARN });
});

test('a consumer past the five minutes of a subscription', async () => {
  await create('long', 1, virtualKinesis);
  const { Consumer } = await virtualKinesis.registerStreamConsumer(
    { StreamARN: arnOf('long'), ConsumerName: 'c' });
  const put = (data) => virtualKinesis.putRecord({ StreamName: 'long', Data: bytes(data), PartitionKey: 'k' });
  await put('0');
  const seen = await follow(virtualKinesis, Consumer.ConsumerARN, 'shardId-000000000000', async (data, subscriptions) => {
    if (data.length < subscriptions) return; // an idle event
    if (subscriptions === 3) {
      await virtualKinesis.splitShard(
        { StreamName: 'long', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: middleOfTheKeys });
      return;
    }
    assert.equal(await virtual.tell('advance 310s'), 'ok');
    await put(`${subscriptions}`);
  });
  assert.deepEqual(seen.data, ['0', '1', '2']);
  assert.equal(seen.subscriptions, 3);
});

test('SIGTERM ends subscriptions, and the program', { timeout: 20_000 }, async () => {
  const ending = await Endpoint.start(program, '--port=0', '--stream=orders:1');
  const client = clientOf(ending);
  const { Consumer } = await client.registerStreamConsumer({ StreamARN: arnOf('orders'), ConsumerName: 'c' });
  const { EventStream } = await client.subscribeToShard({
    ConsumerARN: Consumer.ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition: { Type: 'LATEST' } });
  const read = (async () => {
    for await (const event of EventStream) assert.ok(event.SubscribeToShardEvent);
  })();
  await ending.stop();
  await read;
});

test('TLS, by HTTP/2, with a certificate that is trusted', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'riacho-'));
  const certificate = path.join(folder, 'ca.pem');
  const secure = await Endpoint.start(program, '--port=0', '--stream=sealed:1', `--tls-certificate-out=${certificate}`);
  // Node.js reads what it trusts when it starts.
  const script = `const { Kinesis } = require('@aws-sdk/client-kinesis');
    new Kinesis(${JSON.stringify(configuration(secure))}).listStreams({})
      .then(({ StreamNames }) => { console.log(StreamNames.join()); process.exit(); });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate }, timeout: 20_000 });
  assert.equal(stdout, 'sealed\n');
  await secure.stop();
  await fs.rm(folder, { recursive: true });
});

test('every operation of the SDK has been called', () => {
  const commands = Object.keys(sdk).filter((name) => name.endsWith('Command') && name !== '$Command');
  assert.ok(commands.length >= 45, `${commands.length}`);
  assert.deepEqual(commands.filter((name) => !called.has(name)), []);
});
