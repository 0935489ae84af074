// The sealer at work: seals once a second what was committed, signs and ships the end of the chain once a minute.
// It only reads what was posted: posting never waits for it, and goes on when it cannot.
import path from 'node:path'
import type { Platform } from '#platform/platform.ts'
import {
  folderStore,
  readOrMakeSealKey,
  shipCheckpoint,
  type Checkpoint,
  type CheckpointStore,
} from './seal-checkpoints.ts'
import { createTails } from './seal-tails.ts'
import { sealSettled } from './seal.ts'

export interface Seals {
  /** Seals what is settled now; how many transfers. */
  seal(): Promise<number>
  /** Signs the newest seal and ships it; undefined when there is nothing new. Throws LedgerWentBack. */
  checkpoint(): Promise<Checkpoint | undefined>
}

export interface SealPlaces {
  privateKeyFile: string
  publicKeyFile: string
  checkpoints: CheckpointStore
}

/** Beside the database, in the data folder: `ledger-seal/key.pem`, and `ledger-seal/checkpoints` with the public key in it. */
export function sealPlaces(dataFolder: string): SealPlaces & { checkpointFolder: string } {
  const folder = path.join(dataFolder, 'ledger-seal')
  const checkpointFolder = path.join(folder, 'checkpoints')
  return {
    privateKeyFile: path.join(folder, 'key.pem'),
    publicKeyFile: path.join(checkpointFolder, 'public-key.pem'),
    checkpoints: folderStore(checkpointFolder),
    checkpointFolder,
  }
}

export function createSeals(
  platform: Pick<Platform, 'db' | 'clock' | 'jobs' | 'log'>,
  places: SealPlaces,
): Seals {
  const { db, clock, jobs, log } = platform
  const tails = createTails(db, log)
  const seals: Seals = {
    async seal() {
      await tails.summarize()
      return sealSettled(db, clock)
    },
    checkpoint: () =>
      shipCheckpoint(
        db.read,
        clock,
        readOrMakeSealKey(places.privateKeyFile, places.publicKeyFile),
        places.checkpoints,
      ),
  }
  jobs.loop('ledger-seal', 1000, () => seals.seal(), 1000)
  jobs.loop('ledger-checkpoint', 60_000, async () => {
    const checkpoint = await seals.checkpoint()
    if (checkpoint) log.info({ seal: checkpoint.seal, hash: checkpoint.hash }, 'ledger checkpoint shipped')
  })
  return seals
}
