//! The log event by event: judge, note, follow.

use alloc::collections::VecDeque;

use super::choice::Choice;
use super::event::{Event, Place};
use super::finding::Finding;
use super::judge::{Judged, Judgement, judge};
use super::known::{Coverage, Known};
use super::learn::World;
use super::report::{Report, Tally};
use super::stake::Seen;
use super::trail::Trail;
use kms_alias::AliasTable;

/// As many events of one second are tried for the one that comes first.
const LOOK_AHEAD: usize = 16;

/// Holds AWS's log against these rules.
///
/// The table is the account just before the first event, all of it or a [part](Coverage::Part). Of
/// the log only the events of the table's account and Region are asked. Each is judged on the table
/// as AWS left it before: what AWS did is a fact that the table follows, even if a rule refuses it.
///
/// Events of one second have no order in the log. Of the first 16 that wait the next is one that
/// agrees with the rules, before any that does not (ours).
///
/// What AWS answers for want of permission, or because it is busy or broken, says nothing of these
/// rules, and a key in a custom key store or a multi-Region key may change its state unseen: such
/// events are counted under [`NotJudged`](super::NotJudged), and not held against anybody. Nor can
/// a request be judged that the log does not show: validation errors often come with
/// `requestParameters` null.
///
/// KMS is one service on many machines: a change may take moments, rarely minutes, until all of
/// them know it. A difference right after a change of the same alias or key may be no more than that.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::{Coverage, Difference, audit, read_trail};
/// use kms_alias::{AliasTable, Rule, Scope};
///
/// // AWS deleted an alias of which the account knows nothing.
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/old"}
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let scope: Scope = "arn:aws:kms:eu-west-3:111122223333".parse()?;
///
/// let report = audit(AliasTable::new(scope), Coverage::Whole, &trail);
/// let finding = &report.findings()[0];
/// assert_eq!(finding.difference(), Difference::AwsAccepts);
/// assert_eq!(finding.ours().map(|refusal| refusal.rule()), Some(Rule::U1));
///
/// // Of a table that is a part of the account nobody can say.
/// let report = audit(AliasTable::new(scope), Coverage::Part, &trail);
/// assert_eq!((report.judged(), report.not_judged().count()), (0, 1));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[must_use]
pub fn audit(table: AliasTable, coverage: Coverage, trail: &Trail) -> Report<'_> {
    let mut replay = Replay {
        tally: Tally::new(),
        world: World {
            table,
            known: Known::new(coverage),
        },
        waiting: VecDeque::new(),
    };
    for second in trail.events().chunk_by(|a, b| a.time() == b.time()) {
        for event in second {
            replay.await_turn(event);
        }
        while let Some((event, judgement)) = replay.next() {
            replay.settle(event, judgement);
        }
    }
    Report::new(replay.world.table, replay.tally)
}

struct Replay<'a> {
    world: World,
    tally: Tally<'a>,
    /// Events of one second.
    waiting: VecDeque<&'a Event>,
}

impl<'a> Replay<'a> {
    /// Puts an event in the queue if it is of the table's account and Region.
    fn await_turn(&mut self, event: &'a Event) {
        match event.place() {
            Place::Scope(scope) if *scope == self.world.table.scope() => {
                self.waiting.push_back(event);
            }
            Place::Scope(_) | Place::Unknown => self.tally.elsewhere(),
            Place::StrangeRegion => {
                self.tally.elsewhere();
                let seen = Seen {
                    choice: Choice::RegionLengths,
                    confirmed: false,
                };
                self.tally.see(event, seen);
            }
        }
    }

    /// The event whose turn it is.
    fn next(&mut self) -> Option<(&'a Event, Judgement)> {
        let World { table, known } = &self.world;
        let mut best = (0, judge(table, known, self.waiting.front()?));
        for (index, event) in self.waiting.iter().enumerate().take(LOOK_AHEAD).skip(1) {
            if best.1.reluctance() == 0 {
                break;
            }
            let judgement = judge(table, known, event);
            if judgement.reluctance() < best.1.reluctance() {
                best = (index, judgement);
            }
        }
        let event = self.waiting.remove(best.0)?;
        Some((event, best.1))
    }

    /// Notes what an event says, and lets the world follow it.
    fn settle(&mut self, event: &'a Event, judgement: Judgement) {
        self.world.learn(event, &judgement);
        let Judged {
            ours,
            difference,
            seen,
        } = match judgement {
            Judgement::Not(reason) => return self.tally.not_judge(reason),
            Judgement::Judged(judged) => judged,
        };
        for seen in &seen {
            self.tally.see(event, *seen);
        }
        let Some(difference) = difference else {
            return self.tally.agree();
        };
        let contradicted = seen.iter().filter(|seen| !seen.confirmed);
        self.tally.find(Finding {
            event,
            ours: ours.err(),
            difference,
            choices: contradicted.map(|seen| seen.choice).collect(),
        });
    }
}
