import { engineRuleOf } from "@downbeat/domain";
import { engineRuleText, topics } from "@downbeat/protocol";
import type { Context } from "../context.ts";
import type { JobTopicView, PartitionView, QuestionTopicView, SystemView, WorkerView } from "../views.ts";

/** How every part is doing. What can't be found out is said, and keeps nobody from the rest. */
export async function getSystem(context: Context): Promise<SystemView> {
  const { feed, readModel, about, freshnessParts, approvals } = context;
  const [workers, disk] = await Promise.all([
    context.announcements.workers().catch(() => undefined),
    about.disk().catch(() => undefined),
  ]);
  const { open, jobTopics } = await jobTopicsOf(context, workers ?? []);
  const { records, events, flushMs } = feed.status();
  const partitions = partitionsOf(context);
  const { version, node, host, startedAt, log, settings } = about;
  const unknown = [
    ...(workers === undefined ? ["Which workers are there can’t be told: the log doesn’t answer."] : []),
    ...(partitions.some(({ waiting }) => waiting === undefined)
      ? [
          "What waits in some partitions, and who is connected to them, isn’t known yet, or the log doesn’t say.",
        ]
      : []),
    ...(jobTopics.some(({ consumers }) => consumers === undefined)
      ? ["Of some topics the log doesn’t say what it holds and who is connected."]
      : []),
    ...(disk === undefined ? ["How full the disk is can’t be told on this system."] : []),
    ...(approvals.rule === undefined
      ? []
      : [
          `Whether engines that run on their own were told what needs a second person can’t be told here: each needs DOWNBEAT_SECOND_PERSON=${engineRuleText(engineRuleOf(approvals.rule))}, and says in its /readyz what it goes by.`,
        ]),
    "How large the log itself is, is known where it is kept: downbeat verify and downbeat doctor tell.",
  ];
  return {
    parts: freshnessParts(),
    partitions,
    readModel: {
      behind: feed.freshness().behind,
      records,
      events,
      flushMs: Math.round(flushMs),
      ...(disk !== undefined && { disk }),
    },
    jobTopics,
    questionTopics: questionTopicsOf(open.answers, workers ?? []),
    quarantine: readModel.quarantine({ limit: 1 }).counts,
    server: { version, node, host, startedAt, log },
    settings,
    unknown,
  };
}

function partitionsOf({ feed, readModel }: Context): PartitionView[] {
  const { partitions, writeSide } = feed.status();
  const read = new Map(readModel.partitions().map((each) => [each.partition, each]));
  return Array.from({ length: partitions }, (_, partition) => {
    const known = writeSide.find((each) => each.partition === partition);
    const at = read.get(partition);
    const owner = known?.owner ?? at?.owner;
    return {
      partition,
      ...(owner !== undefined && owner !== "" && { owner }),
      ...(at !== undefined && { epoch: at.epoch, position: at.position, completeTo: at.publishedAt }),
      ...(known !== undefined && {
        ...(known.waiting !== undefined && { waiting: known.waiting }),
        ...(known.stalledMs !== undefined && { stalledMs: known.stalledMs }),
        ...(known.unownedMs !== undefined && { unownedMs: known.unownedMs }),
      }),
    };
  });
}

/** Of every job type that has open work or a worker. */
async function jobTopicsOf({ readModel, jobTopics }: Context, workers: readonly WorkerView[]) {
  const open = readModel.openWork();
  const capacity = new Map<string, number>();
  for (const { type, concurrency } of workers.flatMap(({ jobs }) => jobs))
    capacity.set(type, (capacity.get(type) ?? 0) + concurrency);
  const types = [...new Set([...open.jobs.keys(), ...capacity.keys()])].sort();
  const views = types.map(async (jobType): Promise<JobTopicView> => {
    const { waiting = 0, waitingSince, running = 0 } = open.jobs.get(jobType) ?? {};
    const figures = await jobTopics.figures(jobType);
    return {
      topic: topics.jobs(jobType),
      jobType,
      waiting,
      ...(waitingSince !== undefined && { waitingSince }),
      running,
      capacity: capacity.get(jobType) ?? 0,
      ...(figures !== undefined && { backlog: figures.backlog, consumers: figures.workers }),
    };
  });
  return { open, jobTopics: await Promise.all(views) };
}

function questionTopicsOf(
  answers: ReturnType<Context["readModel"]["openWork"]>["answers"],
  workers: readonly WorkerView[],
): QuestionTopicView[] {
  const hosted = workers.flatMap(({ workflows }) => workflows);
  return [...new Set([...answers.keys(), ...hosted])].sort().map((workflow) => {
    const waiting = answers.get(workflow);
    return {
      topic: topics.decisions(workflow),
      workflow,
      waiting: waiting?.runs ?? 0,
      ...(waiting !== undefined && { waitingSince: waiting.oldest }),
      workers: hosted.filter((name) => name === workflow).length,
    };
  });
}
