//! Reads one Region of an account: its aliases, its keys, and what each key is.
//!
//! Aliases come before keys, so that a key made meanwhile is listed for its alias.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use thiserror::Error;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::kms::{Failure, Kms, Question};
use super::listing::{self, Alias, MOST_ATTEMPTS};
use super::pace::Pace;
use super::partial::Partial;

/// As many keys are asked for before the first is answered.
const AT_ONCE: usize = 16;

/// A question that ended the reading.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("{operation}: {failure}")]
pub struct Stopped {
    pub operation: String,
    pub failure: Failure,
}

impl Stopped {
    pub fn at(question: &Question, failure: Failure) -> Self {
        Self {
            operation: question.to_string(),
            failure,
        }
    }
}

/// What a Region holds, less the descriptions: those are in the [`Partial`].
pub struct Holdings {
    pub aliases: BTreeMap<String, Alias>,
    /// Whether the caller may list the keys.
    pub keys_are_listed: bool,
    /// The keys that are listed or that an alias names; the ARN where it is told.
    pub keys: BTreeMap<String, Option<String>>,
    /// Keys that no list has, though an alias names them and they may not be described.
    pub unlisted: BTreeSet<String>,
    /// Keys that the caller may not describe.
    pub denied: BTreeSet<String>,
    /// Keys that KMS does not find: they were deleted while the account was read.
    pub gone: usize,
}

/// The aliases and keys of a Region, before any key is described.
pub async fn list<K: Kms>(kms: &K, pace: &mut Pace) -> Result<Holdings, Stopped> {
    let aliases = listing::aliases(kms, pace).await?;
    let listed = listing::keys(kms, pace).await?;
    let keys_are_listed = listed.is_some();
    let mut keys: BTreeMap<_, _> = listed
        .unwrap_or_default()
        .into_iter()
        .map(|(key_id, arn)| (key_id, Some(arn)))
        .collect();
    let mut unlisted = BTreeSet::new();
    for alias in aliases.values() {
        if let Some(target) = &alias.target
            && !keys.contains_key(target)
        {
            keys.insert(target.clone(), alias.target_arn.clone());
            unlisted.insert(target.clone());
        }
    }
    Ok(Holdings {
        aliases,
        keys_are_listed,
        keys,
        unlisted,
        denied: BTreeSet::new(),
        gone: 0,
    })
}

impl Holdings {
    /// The keys without a description.
    pub fn undescribed(&self, partial: &Partial) -> Vec<String> {
        let is_described = |arn: &Option<String>| {
            let arn = arn.as_deref();
            arn.is_some_and(|arn| partial.get(arn).is_some())
        };
        let keys = self.keys.iter();
        keys.filter(|(_, arn)| !is_described(arn))
            .map(|(key_id, _)| key_id.clone())
            .collect()
    }

    /// Takes what came of a question about a key.
    fn take(
        &mut self,
        key_id: String,
        answer: Result<Vec<u8>, Failure>,
        partial: &mut Partial,
    ) -> Result<(), Failure> {
        match answer {
            Ok(answer) => {
                let kept = partial.keep(&answer).map_err(|error| {
                    Failure::Other(format!("{}: {error}", partial.path().display()))
                })?;
                let arn = kept.ok_or_else(|| {
                    Failure::Other(format!("key {key_id}: the answer describes no key"))
                })?;
                self.unlisted.remove(&key_id);
                self.keys.insert(key_id, Some(arn));
            }
            Err(Failure::Denied(_)) => {
                self.denied.insert(key_id);
            }
            Err(Failure::Gone(_)) => self.forget(&key_id),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    /// Leaves out a key that no longer exists, and with it its aliases, as KMS does.
    fn forget(&mut self, key_id: &str) {
        self.gone += 1;
        self.keys.remove(key_id);
        self.unlisted.remove(key_id);
        self.aliases
            .retain(|_, alias| alias.target.as_deref() != Some(key_id));
    }
}

/// A key that is asked for.
struct Asked {
    key_id: String,
    attempt: u32,
}

/// Describes the keys that have no description yet; each answer is kept as it comes.
///
/// After a failure nothing more is asked, and what is under way is waited for and kept.
pub async fn describe<K: Kms>(
    kms: &K,
    pace: &mut Pace,
    holdings: &mut Holdings,
    partial: &mut Partial,
) -> Result<(), Stopped> {
    let of_key = |key_id| Asked { key_id, attempt: 1 };
    let keys = holdings.undescribed(partial);
    let mut waiting: VecDeque<_> = keys.into_iter().map(of_key).collect();
    let mut under_way = JoinSet::new();
    let mut failed = Ok(());
    loop {
        let may_ask = failed.is_ok() && !waiting.is_empty() && under_way.len() < AT_ONCE;
        tokio::select! {
            biased;
            Some(ended) = under_way.join_next() => {
                let taken = match ended {
                    Ok((asked, turn, answer)) => match again(asked, turn, answer, pace) {
                        Again::Ask(asked) => {
                            waiting.push_front(asked);
                            Ok(())
                        }
                        Again::Take(key_id, answer) => holdings.take(key_id, answer, partial),
                    },
                    Err(error) => Err(Failure::Other(error.to_string())),
                };
                failed = failed.and(taken);
            }
            turn = pace.turn(), if may_ask => {
                if let Some(asked) = waiting.pop_front() {
                    under_way.spawn(answered(kms.clone(), asked, turn));
                }
            }
            else => break,
        }
    }
    failed.map_err(|failure| Stopped {
        operation: "DescribeKey".to_owned(),
        failure,
    })
}

type Answered = (Asked, Instant, Result<Vec<u8>, Failure>);

async fn answered<K: Kms>(kms: K, asked: Asked, turn: Instant) -> Answered {
    let key_id = asked.key_id.clone();
    let answer = kms.ask(Question::DescribeKey { key_id }).await;
    (asked, turn, answer)
}

/// What is done about an answer.
enum Again {
    Ask(Asked),
    Take(String, Result<Vec<u8>, Failure>),
}

fn again(asked: Asked, turn: Instant, answer: Result<Vec<u8>, Failure>, pace: &mut Pace) -> Again {
    match answer {
        Err(Failure::Busy(_)) if asked.attempt < MOST_ATTEMPTS => {
            pace.slow_down(turn, asked.attempt);
            Again::Ask(Asked {
                attempt: asked.attempt + 1,
                ..asked
            })
        }
        answer => Again::Take(asked.key_id, answer),
    }
}
