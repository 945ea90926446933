import { join } from "node:path";
import { ColdAnalytics } from "@downbeat/analytics";
import { auditSentence, createServices, type Services } from "@downbeat/api";
import type { MaskRule } from "@downbeat/api/masking";
import { Backfill, LogSource, RunLookups } from "@downbeat/cold-history";
import type { SecondPersonRule } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import {
  formatNamespaceName,
  type KeepClosed,
  type LogAddress,
  type PayloadKeyFile,
  RecordKeys,
} from "@downbeat/protocol";
import type { Flushed, ProjectionFeed } from "@downbeat/read-model";
import type { Worker } from "@downbeat/sdk/worker";
import type { Logger } from "pino";
import { AlertWatch } from "../alerts/alert-watch.ts";
import type { AlertConfig } from "../alerts/channel-config.ts";
import { ConfiguredChannels } from "../alerts/channels.ts";
import { ApprovalWatch } from "../approvals/approval-watch.ts";
import { BoardMailWatch } from "../boards/board-mail-watch.ts";
import { boardPost } from "../boards/board-post.ts";
import { hostBulk } from "../bulk/host.ts";
import { openReadSide, type ReadSide } from "../projection/read-side.ts";
import { openColdHistory, openLog } from "../wiring.ts";
import { aboutServer } from "./about-server.ts";
import { ColdWatch } from "./cold-watch.ts";

export interface ServedNamespaceOptions {
  readonly log: LogAddress;
  readonly dataDir: string;
  /** Address of Pulsar SQL. */
  readonly pulsarSql: string | undefined;
  readonly hotWindowMs: number;
  readonly keepClosed?: KeepClosed | undefined;
  readonly alerts: AlertConfig;
  readonly masked?: readonly MaskRule[] | undefined;
  readonly secondPerson?: SecondPersonRule | undefined;
  readonly payloadKeys?: PayloadKeyFile | undefined;
  readonly logger: Logger;
  readonly onFlushed: (flushed: Flushed) => void;
}

interface Opened {
  readonly log: MessageLog;
  readonly readSide: ReadSide;
  readonly services: Services;
  /** Of Pulsar SQL, where it is configured. */
  readonly coldWatch: ColdWatch | undefined;
  /** Carries out bulk actions. */
  readonly bulk: Worker;
  readonly alertWatch: AlertWatch;
  readonly boardMails: BoardMailWatch;
  readonly approvalWatch: ApprovalWatch;
}

/** What a part of a bulk action can't end by then, another server does again. */
const bulkGraceMs = 200;
const firstPauseMs = 200;
const longestPauseMs = 30_000;
/** One that fails sooner than this has not recovered: the pauses go on growing. */
const steadyAfterMs = 60_000;

/**
 * One tenant and namespace with everything that answers for it: its log, its projection, its read model. Nothing in it is shared with another, and
 * what breaks in it is opened again while the others go on.
 */
export class ServedNamespace {
  readonly tenant: string;
  readonly namespace: string;
  readonly #options: ServedNamespaceOptions;
  readonly #logger: Logger;
  readonly #closings = new Set<() => void>();
  #opened: Opened | undefined;
  /** Of what was open before: what it lost, the next one tells the log. */
  #closedAudit: Services["audit"] | undefined;
  #openedAt = 0;
  #pauseMs = firstPauseMs;
  #trouble = "";
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @throws Error with one sentence that says what to do */
  static async open(options: ServedNamespaceOptions): Promise<ServedNamespace> {
    const served = new ServedNamespace(options);
    await served.#open();
    return served;
  }

  private constructor(options: ServedNamespaceOptions) {
    this.#options = options;
    this.tenant = options.log.tenant;
    this.namespace = options.log.namespace;
    this.#logger = options.logger.child({ tenant: this.tenant, namespace: this.namespace });
  }

  /** `undefined` while it is being opened again; `trouble` says why. */
  get services(): Services | undefined {
    return this.#opened?.services;
  }

  get feed(): ProjectionFeed | undefined {
    return this.#opened?.readSide.feed;
  }

  /** Whether Pulsar SQL is there, and if not, why; `undefined` where none is configured, or it is not known yet. */
  get pulsarSql(): { readonly trouble: string | undefined } | undefined {
    const watch = this.#opened?.coldWatch;
    return watch?.isKnown === true ? { trouble: watch.trouble } : undefined;
  }

  /** Entries of the audit that the log has not taken, and whether that is a trouble. */
  get audit(): Pick<Services["audit"], "waiting" | "trouble"> | undefined {
    return this.#opened?.services.audit;
  }

  get trouble(): string {
    return `The read model of ${formatNamespaceName(this)} is being opened again: ${this.#trouble}`;
  }

  /** Calls `close` when what answers now is gone: whoever follows it has to connect again. */
  onGone(close: () => void): () => void {
    this.#closings.add(close);
    return () => this.#closings.delete(close);
  }

  /** A question failed with something that is no fault of who asked. */
  suspect(error: unknown): void {
    const opened = this.#opened;
    if (opened?.readSide.isDamagedBy(error) !== true) return;
    void this.#reopen(opened, error instanceof Error ? error : new Error(String(error)), true);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened !== undefined) await close(opened);
  }

  async #open(): Promise<void> {
    const { log: address, dataDir, onFlushed, pulsarSql, hotWindowMs, keepClosed } = this.#options;
    const log = openLog(address);
    const coldHistory = pulsarSql === undefined ? undefined : openColdHistory(pulsarSql, address);
    let opened: Opened | undefined;
    let failure: Error | undefined;
    try {
      const readSide = await openReadSide({
        log: address,
        dataDir,
        hotWindowMs,
        keepClosed,
        beginsWithHotWindow: coldHistory !== undefined,
        logger: this.#logger,
        onFailure: (error) => {
          failure = error;
          if (opened !== undefined) void this.#reopen(opened, error, false);
        },
      });
      const { feed, readModel, analytics } = readSide;
      feed.onFlushed(onFlushed);
      const earlier =
        coldHistory === undefined
          ? undefined
          : new Backfill({
              source: coldHistory,
              feed,
              readModel,
              onNotice: (sentence) => this.#logger.warn(sentence),
              onFailure: (error) => {
                this.#logger.error({ err: error }, "earlier history can't be filled in");
                this.suspect(error);
              },
            });
      const lookups = new RunLookups({
        source: coldHistory ?? new LogSource(log),
        readModel,
        hotWindowMs,
        partitions: () => feed.status().partitions,
        earlierPlaceOf: (runId) => earlier?.runs.placeOf(runId),
      });
      const cold = coldHistory === undefined ? [] : [new ColdAnalytics(coldHistory)];
      const channels = new ConfiguredChannels(this.#options.alerts, formatNamespaceName(address));
      const nobody = { is: "unknown", unknown: new Map() } as const;
      const services = createServices(address, {
        log,
        feed,
        readModel,
        lookups,
        earlier,
        about: aboutServer(this.#options),
        analytics: [...cold, analytics],
        ...(coldHistory !== undefined && { pulsarSqlTrouble: () => this.pulsarSql?.trouble }),
        alertChannels: channels,
        boardPost: boardPost(this.#options.alerts, formatNamespaceName(address)),
        alertWatching: () => this.#opened?.alertWatch.watching ?? nobody,
        audit: this.#audit(),
        masked: this.#options.masked,
        secondPerson: this.#options.secondPerson,
        seals: address.recordKeys && new RecordKeys(address.recordKeys).sealsOf(formatNamespaceName(address)),
        payloadKeys: this.#options.payloadKeys,
      });
      const bulk = hostBulk(services, log, this.#logger);
      const approvalWatch = new ApprovalWatch({ services, logger: this.#logger });
      const boardMails = new BoardMailWatch({ services, logger: this.#logger });
      const alertWatch = new AlertWatch({
        onTurn: (signal) => void boardMails.look(signal),
        log,
        alerts: services.alerts,
        measured: services,
        channels,
        namespace: formatNamespaceName(address),
        logger: this.#logger,
      });
      opened = {
        log,
        readSide,
        services,
        coldWatch: this.#watch(coldHistory),
        bulk,
        alertWatch,
        boardMails,
        approvalWatch,
      };
      this.#opened = opened;
      this.#openedAt = Date.now();
      if (this.#closed) await this.close();
      else if (failure !== undefined) void this.#reopen(opened, failure, false);
    } catch (error) {
      await coldHistory?.close();
      await log.close();
      throw error;
    }
  }

  #audit(): Parameters<typeof createServices>[1]["audit"] {
    const { dataDir } = this.#options;
    return {
      path: join(dataDir, "server", this.tenant, this.namespace, "audit.sqlite"),
      onTrouble: (trouble) => {
        if (trouble === undefined) this.#logger.info("the audit is written again");
        else this.#logger.error({ why: trouble.why }, auditSentence(trouble));
      },
      // What nobody can ask for any more is told here at least.
      onLost: (entry) => this.#logger.error({ entry }, "an entry of the audit could not be written"),
      lostBefore: this.#closedAudit?.lost ?? 0,
      onUnreadable: (err) => this.#logger.error({ err }, "this server's copy of the audit can't be kept"),
    };
  }

  #watch(cold: ReturnType<typeof openColdHistory> | undefined): ColdWatch | undefined {
    if (cold === undefined) return undefined;
    return new ColdWatch({
      check: (signal) => cold.check(signal),
      onChange: (trouble) => {
        if (trouble === undefined) this.#logger.info("Pulsar SQL is there again");
        else this.#logger.warn(trouble);
      },
    });
  }

  async #reopen(opened: Opened, error: Error, isDamaged: boolean): Promise<void> {
    if (this.#closed || this.#opened !== opened) return;
    this.#logger.error({ err: error }, "the read model can't be used; it is opened again");
    this.#opened = undefined;
    this.#trouble = error.message;
    for (const closing of [...this.#closings]) closing();
    await close(opened).catch((reason: unknown) =>
      this.#logger.warn({ err: reason }, "it could not be closed in order"),
    );
    this.#closedAudit = opened.services.audit;
    if (isDamaged) opened.readSide.remove();
    if (Date.now() - this.#openedAt > steadyAfterMs) this.#pauseMs = firstPauseMs;
    this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    const pauseMs = this.#pauseMs;
    this.#pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    this.#timer = setTimeout(() => {
      this.#open().catch((error: Error) => {
        this.#trouble = error.message;
        this.#logger.error({ err: error, againInMs: this.#pauseMs }, "the read model can't be opened");
        this.#again();
      });
    }, pauseMs);
  }
}

async function close(opened: Opened): Promise<void> {
  const { log, readSide, services, coldWatch, bulk, alertWatch, boardMails, approvalWatch } = opened;
  coldWatch?.close();
  await approvalWatch.close();
  await alertWatch.close();
  await boardMails.close();
  await bulk.stop({ graceMs: bulkGraceMs });
  services.lookups.close();
  await services.earlier?.close();
  await services.savedQueries.close();
  await services.savedViews.close();
  await services.savedInputs.close();
  await services.goals.close();
  await services.boards.close();
  await services.causeMarks.close();
  await services.approvals.close();
  await services.quarantineMarks.close();
  await services.alerts.close();
  await services.audit.close();
  await services.announcements.close();
  await Promise.all(services.queries.sources.map((source) => source.close()));
  await readSide.close();
  await log.close();
}
