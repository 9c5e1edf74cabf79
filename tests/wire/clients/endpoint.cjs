// Programs that print their URL when they are ready, and clients of them.
'use strict';
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const readline = require('node:readline');

class Endpoint {
  static async start(program, ...options) {
    const endpoint = new Endpoint();
    endpoint.process = spawn(program, options, { stdio: ['pipe', 'pipe', 'inherit'] });
    endpoint.lines = readline.createInterface({ input: endpoint.process.stdout })[Symbol.asyncIterator]();
    endpoint.url = (await endpoint.lines.next()).value;
    return endpoint;
  }

  async tell(command) {
    this.process.stdin.write(command + '\n');
    return (await this.lines.next()).value;
  }

  // By SIGTERM, or by the end of its commands.
  async stop(signal = 'SIGTERM') {
    const ended = once(this.process, 'exit');
    if (signal) this.process.kill(signal);
    this.process.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  }
}

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

// Of an SDK client.
const configuration = (endpoint, more = {}) => ({
  endpoint: endpoint.url, region: 'us-east-1', maxAttempts: 1, credentials, ...more,
});

const arnOf = (stream) => `arn:aws:kinesis:us-east-1:123456789012:stream/${stream}`;

module.exports = { Endpoint, arnOf, configuration, credentials };
