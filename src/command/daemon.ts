import { Option } from 'commander';
import { startDaemon } from '../daemon/daemon.ts';
import { systemClock } from '../model/clock.ts';
import { daemonPrinter } from './daemon-printer.ts';
import { exitCodes } from './exit-code.ts';
import { secondsOf, settingsOf } from './global-options.ts';
import { listenForHangups } from './hangups.ts';
import { addListenOptions, listenOf } from './listen-options.ts';
import type { CommandModule } from './registry.ts';
import { exitCodeOfSession } from './short-session.ts';
import { stopOnSignal } from './stopping.ts';

interface DaemonCommandOptions {
  readonly watch: 'auto' | 'poll' | 'off';
  readonly logFormat: 'text' | 'json';
  readonly grace: string;
  readonly apply: 'auto' | 'manual';
}

export const daemon: CommandModule = {
  configure(command) {
    addListenOptions(command);
    command
      .addOption(
        new Option(
          '--watch <mode>',
          'notice changes by events, by looking every 5 s, or only when told (SIGHUP, apply)',
        )
          .env('CLOUDSYNC_WATCH')
          .choices(['auto', 'poll', 'off'])
          .default('auto'),
      )
      .addOption(
        new Option('--apply <mode>', 'apply what the manifests say at once, or only report it until "cloudsync apply"')
          .env('CLOUDSYNC_APPLY')
          .choices(['auto', 'manual'])
          .default('auto'),
      )
      .addOption(
        new Option('--log-format <format>', 'how to write the log, to standard error')
          .env('CLOUDSYNC_LOG_FORMAT')
          .choices(['text', 'json'])
          .default('text'),
      )
      .addOption(
        new Option('--grace <seconds>', 'how long runs may go on after SIGTERM before they are stopped')
          .env('CLOUDSYNC_GRACE')
          .default('30'),
      )
      .addHelpText(
        'after',
        '\nSIGHUP reads the tasks directory again. SIGTERM and SIGINT end the daemon; a second one at once.',
      );
  },

  async run(command, shell) {
    const { watch, logFormat, grace, apply } = command.opts<DaemonCommandOptions>();
    const graceMs = secondsOf('--grace', grace) * 1000;

    const listen = listenOf(command, shell);
    // Before anything that takes time, since a signal that nobody listens for ends the process.
    using stopping = stopOnSignal(shell);
    using hangups = listenForHangups(shell);
    const starting = new AbortController();
    stopping.onSignal(() => starting.abort());
    const emit = await daemonPrinter(shell, logFormat);
    const started = await startDaemon({
      ...{ settings: settingsOf(command, shell), clock: systemClock, environment: shell.environment },
      ...{ emit, watch, graceMs, apply, listen, signal: starting.signal },
    });
    if (!started.ok) {
      shell.terminal.note(`cloudsync: ${started.error.message}`);
      return exitCodeOfSession(started.error);
    }
    hangups.onSignal(() => void started.value.reconcile());
    const stopped = new Promise<null>((resolve) => {
      stopping.onSignal((signal) => void started.value.stop(signal).then(() => resolve(null)));
    });
    const lost = await Promise.race([stopped, started.value.lost]);
    if (lost !== null) {
      shell.terminal.note(`cloudsync: the state directory was replaced and taken by another. ${lost}`);
      await started.value.abandon();
      return exitCodes.noDaemon;
    }
    // It was asked to end and did: not a failure, as service managers see it.
    return exitCodes.done;
  },
};
