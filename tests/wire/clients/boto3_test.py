"""boto3 against riacho-endpoint: every operation of its model, and the exceptions that errors become.

usage: boto3_test.py RIACHO_ENDPOINT RIACHO_VIRTUAL_ENDPOINT
"""

import datetime
import json
import os
import signal
import subprocess
import sys
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PROGRAM, VIRTUAL_PROGRAM = sys.argv[1:3]
ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/'
HALF_OF_THE_KEYS = str(2**127)


class Endpoint:
    """A program that prints its URL when it is ready; ends with the block."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.clients = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.close()
        if self.process.args[0] == PROGRAM:
            self.process.send_signal(signal.SIGTERM)  # the other one ends with its input
        self.process.communicate(timeout=20)
        assert self.process.returncode == 0

    def tell(self, command):
        self.process.stdin.write(command + '\n')
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def client(self, secret='secret', **config):
        client = boto3.client(
            'kinesis', endpoint_url=self.url, region_name='us-east-1', aws_access_key_id='AKIDEXAMPLE',
            aws_secret_access_key=secret,
            config=Config(retries={'total_max_attempts': 1}, connect_timeout=10, read_timeout=20, **config))
        client.meta.events.register('before-call.kinesis.*', remember)
        self.clients.append(client)
        return client


called = set()


def remember(model, **_):
    called.add(model.name)


def setUpModule():
    os.environ.update(AWS_CONFIG_FILE='/dev/null', AWS_SHARED_CREDENTIALS_FILE='/dev/null',
                      AWS_EC2_METADATA_DISABLED='true', NO_PROXY='127.0.0.1')
    for name in ('AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_CA_BUNDLE'):
        os.environ.pop(name, None)
    unittest.enterModuleContext(endpoint := Endpoint(PROGRAM, '--port=0', '--limits=off'))
    global kinesis, url
    kinesis, url = endpoint.client(), endpoint.url


def tearDownModule():
    missing = set(kinesis.meta.service_model.operation_names) - called
    assert not missing, f'operations without a test: {missing}'


def create(name, shards=1):
    kinesis.create_stream(StreamName=name, ShardCount=shards)
    kinesis.get_waiter('stream_exists').wait(StreamName=name)


def shard_ids(name):
    return [shard['ShardId'] for shard in kinesis.list_shards(StreamName=name)['Shards']]


def read(name, shard='shardId-000000000000'):
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType='TRIM_HORIZON')
    return kinesis.get_records(ShardIterator=iterator['ShardIterator'])


class Streams(unittest.TestCase):
    def test_a_stream_comes_and_goes(self):
        create('streams', 2)
        description = kinesis.describe_stream(StreamName='streams')['StreamDescription']
        self.assertEqual(description['StreamARN'], ARN + 'streams')
        self.assertEqual(description['StreamStatus'], 'ACTIVE')
        self.assertEqual(len(description['Shards']), 2)
        age = datetime.datetime.now(datetime.timezone.utc) - description['StreamCreationTimestamp']
        self.assertLess(abs(age.total_seconds()), 60)
        summary = kinesis.describe_stream_summary(StreamName='streams')['StreamDescriptionSummary']
        self.assertEqual(summary['OpenShardCount'], 2)
        kinesis.delete_stream(StreamName='streams', EnforceConsumerDeletion=True)
        kinesis.get_waiter('stream_not_exists').wait(StreamName='streams')
        self.assertNotIn('streams', kinesis.list_streams()['StreamNames'])

    def test_paginators_find_everything(self):
        names = [f'page-{i}' for i in range(5)]
        for name in names:
            create(name, 3)
        pages = kinesis.get_paginator('list_streams').paginate(PaginationConfig={'PageSize': 2})
        self.assertLessEqual(set(names), {name for page in pages for name in page['StreamNames']})
        pages = list(kinesis.get_paginator('list_shards').paginate(
            StreamName='page-0', PaginationConfig={'PageSize': 2}))
        self.assertEqual([len(page['Shards']) for page in pages], [2, 1])
        pages = list(kinesis.get_paginator('describe_stream').paginate(
            StreamName='page-0', PaginationConfig={'PageSize': 2}))
        self.assertEqual([len(page['StreamDescription']['Shards']) for page in pages], [2, 1])

    def test_settings_change(self):
        create('settings')
        kinesis.increase_stream_retention_period(StreamName='settings', RetentionPeriodHours=48)
        kinesis.decrease_stream_retention_period(StreamName='settings', RetentionPeriodHours=36)
        metrics = kinesis.enable_enhanced_monitoring(StreamName='settings', ShardLevelMetrics=['ALL'])
        self.assertEqual(len(metrics['DesiredShardLevelMetrics']), 7)
        metrics = kinesis.disable_enhanced_monitoring(
            StreamName='settings', ShardLevelMetrics=['IncomingBytes'])
        self.assertEqual(len(metrics['DesiredShardLevelMetrics']), 6)
        kinesis.start_stream_encryption(StreamName='settings', EncryptionType='KMS', KeyId='alias/aws/kinesis')
        put = kinesis.put_record(StreamName='settings', Data=b'secret', PartitionKey='k')
        self.assertEqual(put['EncryptionType'], 'KMS')
        self.assertEqual(read('settings')['Records'][0]['Data'], b'secret')
        kinesis.stop_stream_encryption(StreamName='settings', EncryptionType='KMS', KeyId='alias/aws/kinesis')
        kinesis.update_stream_mode(
            StreamARN=ARN + 'settings', StreamModeDetails={'StreamMode': 'ON_DEMAND'})
        summary = kinesis.describe_stream_summary(StreamName='settings')['StreamDescriptionSummary']
        self.assertEqual(summary['RetentionPeriodHours'], 36)
        self.assertEqual(summary['EncryptionType'], 'NONE')
        self.assertEqual(summary['StreamModeDetails'], {'StreamMode': 'ON_DEMAND'})

    def test_tags(self):
        create('tags')
        kinesis.add_tags_to_stream(StreamName='tags', Tags={'team': 'billing', 'stage': 'test', 'empty': ''})
        kinesis.remove_tags_from_stream(StreamName='tags', TagKeys=['stage'])
        self.assertEqual(kinesis.list_tags_for_stream(StreamName='tags')['Tags'],
                         [{'Key': 'empty', 'Value': ''}, {'Key': 'team', 'Value': 'billing'}])

    def test_limits(self):
        limits = kinesis.describe_limits()
        self.assertGreater(limits['ShardLimit'], 0)
        self.assertIn('OnDemandStreamCountLimit', limits)


class NewerOperations(unittest.TestCase):
    """Those that the models of older releases lack."""

    def setUp(self):
        self.known = kinesis.meta.service_model.operation_names

    def test_tags_of_resources(self):
        if 'TagResource' not in self.known:
            return
        create('resources')
        arn = ARN + 'resources'
        kinesis.tag_resource(ResourceARN=arn, Tags={'team': 'billing', 'stage': 'test'})
        kinesis.untag_resource(ResourceARN=arn, TagKeys=['stage'])
        self.assertEqual(kinesis.list_tags_for_resource(ResourceARN=arn)['Tags'],
                         [{'Key': 'team', 'Value': 'billing'}])

    def test_policies(self):
        if 'PutResourcePolicy' not in self.known:
            return
        create('shared')
        arn = ARN + 'shared'
        policy = json.dumps({'Version': '2012-10-17', 'Statement': [{
            'Effect': 'Allow', 'Principal': {'AWS': 'arn:aws:iam::444455556666:root'},
            'Action': 'kinesis:PutRecord', 'Resource': arn}]})
        kinesis.put_resource_policy(ResourceARN=arn, Policy=policy)
        self.assertEqual(json.loads(kinesis.get_resource_policy(ResourceARN=arn)['Policy']), json.loads(policy))
        kinesis.delete_resource_policy(ResourceARN=arn)

    def test_sizes_and_the_account(self):
        if 'UpdateStreamWarmThroughput' not in self.known:
            return
        create('sizes')
        kinesis.update_max_record_size(StreamARN=ARN + 'sizes', MaxRecordSizeInKiB=2048)
        kinesis.update_account_settings(MinimumThroughputBillingCommitment={'Status': 'ENABLED'})
        self.assertEqual(
            kinesis.describe_account_settings()['MinimumThroughputBillingCommitment']['Status'], 'ENABLED')
        kinesis.create_stream(StreamName='warm', StreamModeDetails={'StreamMode': 'ON_DEMAND'})
        warm = kinesis.update_stream_warm_throughput(StreamName='warm', WarmThroughputMiBps=10)
        self.assertEqual(warm['WarmThroughput']['TargetMiBps'], 10)


class Records(unittest.TestCase):
    def test_are_bytes_and_come_back(self):
        create('records')
        every_byte = bytes(range(256))
        put = kinesis.put_record(StreamName='records', Data=every_byte, PartitionKey='ä日本')
        self.assertEqual(put['ShardId'], 'shardId-000000000000')
        puts = kinesis.put_records(StreamName='records', Records=[
            {'Data': b'', 'PartitionKey': 'empty'}, {'Data': b'x' * 1_000_000, 'PartitionKey': 'large'}])
        self.assertEqual(puts['FailedRecordCount'], 0)
        page = read('records')
        self.assertEqual([(record['PartitionKey'], record['Data']) for record in page['Records']],
                         [('ä日本', every_byte), ('empty', b''), ('large', b'x' * 1_000_000)])
        first = page['Records'][0]
        self.assertEqual(first['SequenceNumber'], put['SequenceNumber'])
        age = datetime.datetime.now(datetime.timezone.utc) - first['ApproximateArrivalTimestamp']
        self.assertLess(abs(age.total_seconds()), 60)
        self.assertEqual(page['MillisBehindLatest'], 0)
        self.assertEqual(kinesis.get_records(ShardIterator=page['NextShardIterator'])['Records'], [])

    def test_are_found_by_time_and_number(self):
        create('positions')
        numbers = [kinesis.put_record(StreamName='positions', Data=b'%d' % i, PartitionKey='k')['SequenceNumber']
                   for i in range(3)]

        def first(**position):
            iterator = kinesis.get_shard_iterator(
                StreamName='positions', ShardId='shardId-000000000000', **position)['ShardIterator']
            records = kinesis.get_records(ShardIterator=iterator, Limit=1)['Records']
            return records[0]['Data'] if records else None

        self.assertEqual(first(ShardIteratorType='AT_SEQUENCE_NUMBER', StartingSequenceNumber=numbers[1]), b'1')
        self.assertEqual(first(ShardIteratorType='AFTER_SEQUENCE_NUMBER', StartingSequenceNumber=numbers[1]), b'2')
        self.assertEqual(first(ShardIteratorType='AT_TIMESTAMP', Timestamp=datetime.datetime(2020, 1, 1)), b'0')
        self.assertIsNone(first(ShardIteratorType='LATEST'))

    def test_follow_their_shards(self):
        create('shards', 2)
        kinesis.put_record(StreamName='shards', Data=b'low', PartitionKey='k', ExplicitHashKey='0')
        kinesis.put_record(StreamName='shards', Data=b'high', PartitionKey='k', ExplicitHashKey=HALF_OF_THE_KEYS)
        self.assertEqual(read('shards', 'shardId-000000000001')['Records'][0]['Data'], b'high')
        kinesis.merge_shards(StreamName='shards', ShardToMerge='shardId-000000000000',
                             AdjacentShardToMerge='shardId-000000000001')
        kinesis.split_shard(StreamName='shards', ShardToSplit='shardId-000000000002',
                            NewStartingHashKey=HALF_OF_THE_KEYS)
        self.assertEqual(len(shard_ids('shards')), 5)
        target = kinesis.update_shard_count(
            StreamName='shards', TargetShardCount=4, ScalingType='UNIFORM_SCALING')
        self.assertEqual(target['TargetShardCount'], 4)
        page = read('shards')
        self.assertEqual(page['Records'][0]['Data'], b'low')
        page = kinesis.get_records(ShardIterator=page['NextShardIterator'])
        self.assertNotIn('NextShardIterator', page)
        self.assertEqual([child['ShardId'] for child in page['ChildShards']], ['shardId-000000000002'])


class Guide(unittest.TestCase):
    def test_says_what_works(self):
        create('orders')
        # [START python]
        import boto3

        kinesis = boto3.client('kinesis', endpoint_url=url, region_name='us-east-1',
                               aws_access_key_id='test', aws_secret_access_key='test')
        kinesis.put_record(StreamName='orders', Data=b'paid', PartitionKey='order-17')
        # [END python]
        kinesis.close()
        self.assertEqual(read('orders')['Records'][0]['Data'], b'paid')


class FanOut(unittest.TestCase):
    def register(self, name):
        consumer = kinesis.register_stream_consumer(StreamARN=self.arn, ConsumerName=name)['Consumer']
        return consumer['ConsumerARN']

    def subscribe(self, consumer, shard='shardId-000000000000'):
        return kinesis.subscribe_to_shard(
            ConsumerARN=consumer, ShardId=shard, StartingPosition={'Type': 'TRIM_HORIZON'})['EventStream']

    def test_consumers_come_and_go(self):
        create('consumers')
        self.arn = ARN + 'consumers'
        consumer = self.register('billing')
        description = kinesis.describe_stream_consumer(ConsumerARN=consumer)['ConsumerDescription']
        self.assertEqual(description['ConsumerStatus'], 'ACTIVE')
        self.register('shipping')
        pages = kinesis.get_paginator('list_stream_consumers').paginate(
            StreamARN=self.arn, PaginationConfig={'PageSize': 1})
        self.assertEqual([consumer['ConsumerName'] for page in pages for consumer in page['Consumers']],
                         ['billing', 'shipping'])
        kinesis.deregister_stream_consumer(ConsumerARN=consumer)
        self.assertEqual(len(kinesis.list_stream_consumers(StreamARN=self.arn)['Consumers']), 1)

    def test_a_subscription_shows_records_and_the_end_of_its_shard(self):
        create('fan-out')
        self.arn = ARN + 'fan-out'
        every_byte = bytes(range(256))
        kinesis.put_record(StreamName='fan-out', Data=every_byte, PartitionKey='k')
        subscription = self.subscribe(self.register('c'))
        events = (event['SubscribeToShardEvent'] for event in subscription)
        self.assertEqual([record['Data'] for record in next(events)['Records']], [every_byte])
        number = kinesis.put_record(StreamName='fan-out', Data=b'later', PartitionKey='k')['SequenceNumber']
        event = next(event for event in events if event['Records'])
        self.assertEqual(event['Records'][0]['Data'], b'later')
        self.assertEqual(event['Records'][0]['SequenceNumber'], number)
        kinesis.split_shard(StreamName='fan-out', ShardToSplit='shardId-000000000000',
                            NewStartingHashKey=HALF_OF_THE_KEYS)
        last = list(events)[-1]
        self.assertEqual([child['ShardId'] for child in last['ChildShards']],
                         ['shardId-000000000001', 'shardId-000000000002'])

    def test_one_subscription_at_a_time(self):
        create('one-at-a-time')
        self.arn = ARN + 'one-at-a-time'
        consumer = self.register('c')
        subscription = self.subscribe(consumer)
        with self.assertRaises(kinesis.exceptions.ResourceInUseException):
            self.subscribe(consumer)
        subscription.close()
        with self.assertRaises(kinesis.exceptions.ResourceNotFoundException):
            self.subscribe(consumer, 'shardId-000000000007')


class Errors(unittest.TestCase):
    def test_become_the_exceptions_of_the_model(self):
        create('errors')
        errors = kinesis.exceptions
        with self.assertRaises(errors.ResourceNotFoundException) as raised:
            kinesis.describe_stream(StreamName='nowhere')
        self.assertEqual(raised.exception.response['Error']['Message'],
                         'Stream nowhere under account 123456789012 not found.')
        metadata = raised.exception.response['ResponseMetadata']
        self.assertEqual(metadata['HTTPStatusCode'], 400)
        self.assertRegex(metadata['RequestId'], '^[0-9a-f-]{36}$')
        with self.assertRaises(errors.ResourceInUseException):
            kinesis.create_stream(StreamName='errors', ShardCount=1)
        with self.assertRaises(errors.InvalidArgumentException):
            kinesis.get_records(ShardIterator='nonsense')
        with self.assertRaises(errors.KMSNotFoundException):
            kinesis.start_stream_encryption(
                StreamName='errors', EncryptionType='KMS', KeyId='11111111-2222-3333-4444-555555555555')

    # Every exception that this release of the model has, and one that older ones take for a mere ClientError.
    def test_of_every_kind_are_raised(self):
        shapes = {shape.error_code for shape in kinesis.meta.service_model.error_shapes}
        self.assertGreaterEqual(len(shapes), 14)
        with Endpoint(VIRTUAL_PROGRAM) as endpoint:
            client = endpoint.client()
            client.create_stream(StreamName='failing', ShardCount=1)
            for name in sorted(shapes | {'AccessDeniedException'}):
                with self.subTest(error=name):
                    self.assertEqual(endpoint.tell(f'fail PutRecord {name}'), 'ok')
                    exception = getattr(client.exceptions, name) if name in shapes else ClientError
                    with self.assertRaises(ClientError) as raised:
                        client.put_record(StreamName='failing', Data=b'x', PartitionKey='k')
                    self.assertIs(type(raised.exception), exception)
                    self.assertEqual(raised.exception.response['Error']['Code'], name)
                    self.assertNotEqual(raised.exception.response['Error']['Message'], '')
                    self.assertEqual(raised.exception.response['ResponseMetadata']['HTTPStatusCode'],
                                     500 if name == 'InternalFailureException' else 400)
            client.put_record(StreamName='failing', Data=b'x', PartitionKey='k')  # each of them once

    def test_of_validation_have_the_texts_of_the_service(self):
        create('validated')
        with Endpoint(PROGRAM, '--port=0') as endpoint:
            unchecked = endpoint.client(parameter_validation=False)
            with self.assertRaises(ClientError) as raised:
                unchecked.put_record(StreamName='validated', PartitionKey='k')
            self.assertEqual(raised.exception.response['Error'], {
                'Code': 'ValidationException',
                'Message': "1 validation error detected: Value null at 'data' failed to satisfy "
                           'constraint: Member must not be null'})

    def test_of_limits(self):
        with Endpoint(PROGRAM, '--port=0', '--stream=narrow:1') as endpoint:
            narrow = endpoint.client()
            with self.assertRaises(narrow.exceptions.LimitExceededException):
                narrow.create_stream(StreamName='wide', ShardCount=30_000)
            large = b'x' * 1_000_000
            narrow.put_record(StreamName='narrow', Data=large, PartitionKey='k')
            with self.assertRaises(narrow.exceptions.ProvisionedThroughputExceededException):
                for _ in range(5):
                    narrow.put_record(StreamName='narrow', Data=large, PartitionKey='k')

    def test_of_signatures(self):
        with Endpoint(PROGRAM, '--port=0', '--credentials=AKIDEXAMPLE:secret') as endpoint:
            self.assertEqual(endpoint.client().list_streams()['StreamNames'], [])
            with self.assertRaises(ClientError) as raised:
                endpoint.client(secret='guess').list_streams()
            self.assertEqual(raised.exception.response['Error']['Code'], 'InvalidSignatureException')

    def test_of_time(self):
        with Endpoint(VIRTUAL_PROGRAM) as endpoint:
            client = endpoint.client()
            client.create_stream(StreamName='old', ShardCount=3)
            iterator = client.get_shard_iterator(
                StreamName='old', ShardId='0', ShardIteratorType='LATEST')['ShardIterator']
            token = client.list_shards(StreamName='old', MaxResults=1)['NextToken']
            self.assertEqual(endpoint.tell('advance 301s'), 'ok')
            with self.assertRaises(client.exceptions.ExpiredIteratorException):
                client.get_records(ShardIterator=iterator)
            with self.assertRaises(client.exceptions.ExpiredNextTokenException):
                client.list_shards(NextToken=token)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
