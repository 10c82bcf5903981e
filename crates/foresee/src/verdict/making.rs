//! Keys that steps make: new ones, which are refused for what is asked for alone (rule M), and
//! replicas, which depend on their primary key and on what stands under its ID (rules S8, M).

use std::collections::BTreeSet;
use std::rc::Rc;

use kms_alias::{KeyId, KeyMetadata, KeyState, MultiRegionRole, Refusal, Region, Timestamp};

use super::cell::{Cell, Example, PresentSet, Question};
use super::closed::{AnswerIndex, Closed, Shape, Stands};
use super::description::DependsOn;
use super::engine::Engine;
use super::explore::Sight;
use super::facts::KeyFacts;
use super::kind::{KindIndex, NO_KEY};
use super::knowledge::stand_in;
use super::outcome::{Answer, Fact, Need};
use super::place::Place;
use super::request::KeyReference;
use super::set::Way;
use super::task::{Asks, Make, Replica, ReplicaRegion};
use super::words::{self, Label};
use super::world::{Content, KeyIndex};

/// The ways in which a primary key can be, by what becomes of a replica.
#[derive(Default)]
struct Primaries {
    /// Those of which there can be none, and an example of each answer.
    refused: Vec<Way>,
    refusals: Vec<Example>,
    /// The others, by the kinds that a replica then can have.
    allowed: Vec<(Vec<KindIndex>, Vec<Way>)>,
}

impl Engine<'_, '_> {
    fn make_of(&self, step: usize) -> Option<&Make> {
        match &self.tasks.get(step)?.asks {
            Asks::Make(make) => Some(make),
            _ => None,
        }
    }

    /// The step whose shape this is, if it makes a key.
    fn make_of_shape(&self, shape: Shape) -> Option<&Make> {
        self.make_of(shape.step_that_makes()?)
    }

    /// What a step sees that makes a key: of a replica the primary key and what stands under its ID.
    pub(super) fn sight_of_making(&mut self, step: usize, content: &Content) -> Option<Sight> {
        let ledger = self.ledger.as_ref()?;
        let (target, made) = (ledger.key_of_step(step), ledger.replica_of_step(step));
        let question = Question {
            shape: Shape::of_making(step),
            target: target.map(|target| self.set_of(target, content)),
            present: match made {
                Some(made) => PresentSet::On(self.set_of(made, content)),
                None => PresentSet::Free,
            },
            usage: 0,
        };
        Some(Sight {
            question,
            target,
            present: made,
        })
    }

    /// What comes out of a step that makes a key.
    pub(super) fn making(&mut self, step: usize, seen: Sight) -> Rc<[Cell]> {
        let target = seen.question.target.map(|set| self.sets.get(set));
        let target = target.unwrap_or_default();
        match self.make_of(step).cloned() {
            Some(Make::New { refusals, .. }) => self.making_new(&target, &refusals),
            Some(Make::Replica(replica)) => {
                let made = match seen.question.present {
                    PresentSet::On(set) => Some(self.sets.get(set)),
                    _ => None,
                };
                let counts = seen
                    .target
                    .and_then(|target| self.key_entry(target))
                    .is_some_and(|entry| entry.changes);
                self.making_replica(&replica, &target, made.as_deref(), counts)
            }
            None => Rc::new([]),
        }
    }

    /// A new key is now what it was to be; one that was to be none is refused.
    fn making_new(&mut self, ways: &[Way], refusals: &[Answer]) -> Rc<[Cell]> {
        let (never, made): (Vec<Way>, Vec<Way>) = ways.iter().partition(|way| way.before == NO_KEY);
        let mut cells = Vec::new();
        let example = |answer, way: &Way| Example {
            answer,
            target: Some(*way),
            present: None,
        };
        if let Some(first) = made.first() {
            let answers = vec![example(AnswerIndex::OK, first)];
            let after = made.iter().map(|way| Way::unchanged(way.before)).collect();
            cells.push(self.cell_of_making(answers, after, Vec::new()));
        }
        if let Some(first) = never.first() {
            let answers = refusals.iter();
            let answers = answers.map(|answer| example(self.closed.answer(answer), first));
            let answers = answers.collect();
            cells.push(self.cell_of_making(answers, never, Vec::new()));
        }
        cells.into()
    }

    fn making_replica(
        &mut self,
        replica: &Replica,
        primaries: &[Way],
        made: Option<&[Way]>,
        counts: bool,
    ) -> Rc<[Cell]> {
        let none = [Way::unchanged(NO_KEY)];
        let (free, taken): (Vec<Way>, Vec<Way>) = made
            .unwrap_or(&none)
            .iter()
            .partition(|way| way.now == NO_KEY);
        let shown = |ways: &[Way]| ways.first().copied().filter(|_| made.is_some());
        let present = |ways: &[Way]| made.map_or_else(Vec::new, |_| ways.to_vec());
        let Primaries {
            refused,
            refusals,
            allowed,
        } = self.primaries(replica, primaries, made);
        let mut cells = Vec::new();
        if !refusals.is_empty() {
            let both: Vec<Way> = made.unwrap_or_default().to_vec();
            cells.push(self.cell_of_making(refusals, refused, both));
        }
        let all: Vec<Way> = allowed.iter().flat_map(|(_, ways)| ways.clone()).collect();
        if let (Some(first), false) = (all.first(), taken.is_empty()) {
            let answers = vec![Example {
                answer: self.closed.refused(&Refusal::ReplicaExists),
                target: Some(*first),
                present: shown(&taken),
            }];
            cells.push(self.cell_of_making(answers, all, present(&taken)));
        }
        for (kinds, ways) in allowed {
            let (Some(first), Some(_)) = (ways.first(), free.first()) else {
                continue;
            };
            let answers = vec![Example {
                answer: AnswerIndex::OK,
                target: Some(*first),
                present: shown(&free),
            }];
            let after = free.iter().flat_map(|way| {
                let before = way.before;
                kinds.iter().map(move |now| Way { before, now: *now })
            });
            let after = after.collect();
            let primary = ways.iter().map(|way| match counts {
                true => self.with_replica(*way),
                false => *way,
            });
            let primary = primary.collect();
            cells.push(self.cell_of_making(answers, primary, after));
        }
        cells.into()
    }

    /// The ways of a primary key, by what becomes of a replica.
    fn primaries(
        &mut self,
        replica: &Replica,
        primaries: &[Way],
        made: Option<&[Way]>,
    ) -> Primaries {
        let mut sorted = Primaries::default();
        for way in primaries {
            match self.replicated(replica, way.now) {
                Err(answer) => {
                    sorted.refused.push(*way);
                    let mut known = sorted.refusals.iter();
                    if known.all(|known| known.answer != answer) {
                        sorted.refusals.push(Example {
                            answer,
                            target: Some(*way),
                            present: made.and_then(|ways| ways.first().copied()),
                        });
                    }
                }
                Ok(kinds) => {
                    let mut alike = sorted.allowed.iter_mut();
                    match alike.find(|(known, _)| *known == kinds) {
                        Some((_, ways)) => ways.push(*way),
                        None => sorted.allowed.push((kinds, vec![*way])),
                    }
                }
            }
        }
        sorted
    }

    fn cell_of_making(
        &mut self,
        answers: Vec<Example>,
        target: Vec<Way>,
        present: Vec<Way>,
    ) -> Cell {
        Cell {
            succeeds: answers.iter().all(|example| example.answer.is_ok()),
            answers,
            target: Some(self.sets.index(target)),
            present: (!present.is_empty()).then(|| self.sets.index(present)),
            stands: Stands::AsBefore,
        }
    }

    fn with_replica(&mut self, way: Way) -> Way {
        Way {
            now: self.closed.kinds.with_replica(way.now),
            ..way
        }
    }

    /// What a replica of a primary key of a kind is, if nothing stands under its ID.
    fn replicated(
        &mut self,
        replica: &Replica,
        primary: KindIndex,
    ) -> Result<Vec<KindIndex>, AnswerIndex> {
        self.closed.replication(primary, replica.region)?;
        let is_state_open = replica.is_state_open;
        let kinds = &mut self.closed.kinds;
        Ok(kinds.replicas(primary, &replica.facts, is_state_open))
    }

    /// The answer to a step that makes a key, for one kind of each key that it sees.
    pub(super) fn answer_of_making(
        &mut self,
        shape: Shape,
        target: Way,
        present: Option<Way>,
    ) -> Option<AnswerIndex> {
        match self.make_of_shape(shape)?.clone() {
            Make::New { refusals, .. } if target.before == NO_KEY => {
                refusals.first().map(|answer| self.closed.answer(answer))
            }
            Make::New { .. } => Some(AnswerIndex::OK),
            Make::Replica(replica) => Some(match self.replicated(&replica, target.now) {
                Err(answer) => answer,
                Ok(_) if present.is_some_and(|way| way.now != NO_KEY) => {
                    self.closed.refused(&Refusal::ReplicaExists)
                }
                Ok(_) => AnswerIndex::OK,
            }),
        }
    }

    /// The words of a refusal of a step that makes a key.
    pub(super) fn words_of_making(
        &self,
        step: usize,
        answer: AnswerIndex,
        primary: KindIndex,
        labels: &[Label<'_>],
    ) -> Option<Answer> {
        let replica = match self.make_of(step)? {
            Make::New { refusals, .. } => {
                let is_it = |known: &&Answer| self.closed.known_answer(known) == Some(answer);
                return refusals.iter().find(is_it).cloned();
            }
            Make::Replica(replica) => replica,
        };
        let (place, key_id) = replica.primary;
        let account = self.accounts.get(place)?;
        let exists = words::answer(&Refusal::ReplicaExists, account.place, labels);
        if self.closed.known_answer(&exists) == Some(answer) {
            return Some(exists);
        }
        let refusal = self.closed.replication_refusal(
            (account.settings.scope, key_id),
            primary,
            replica.region,
        )?;
        let mut answer = words::answer(&refusal, account.place, labels);
        if replica.told.is_some() {
            // KMS shows the ARN that it was given.
            let place = Place {
                account: replica.told,
                ..account.place
            };
            let [asked, told] = [account.place, place].map(|place| format!("{place}:key/"));
            answer.message = answer.message.replace(&asked, &told).into();
        }
        Some(answer)
    }

    /// Notes what the description of a primary key tells of the replicas that steps make of it: one
    /// stands already, or none does.
    pub(super) fn note_replicas(&mut self) {
        let replicas = self.tasks.iter().filter_map(|task| match &task.asks {
            Asks::Make(Make::Replica(replica)) => {
                Some((task.place, replica.primary, replica.key_id?))
            }
            _ => None,
        });
        for (place, (primary_place, primary), key_id) in replicas {
            let region = self.accounts.get(place).and_then(|it| it.place.region);
            let stands = self.accounts.get(primary_place).and_then(|account| {
                let primary = account.knowledge.table().key(primary)?;
                has_replica(primary, region)
            });
            let (Some(stands), Some(account)) = (stands, self.accounts.get_mut(place)) else {
                continue;
            };
            let is_known = account.knowledge.facts_of(&key_id).exists
                || account.knowledge.table().knows_key(&key_id);
            match (stands, is_known) {
                (true, _) => account
                    .knowledge
                    .insert_undescribed_key(key_id, KeyFacts::customer_managed()),
                (false, false) => {
                    account.deleted.insert(key_id);
                }
                (false, true) => {}
            }
        }
    }

    /// Whether a key is a replica that certainly did not stand before a step makes it.
    pub(super) fn is_fresh(&self, key: KeyIndex) -> bool {
        let entry = self.key_entry(key).filter(|entry| entry.replicates > 0);
        entry.is_some_and(|entry| {
            let account = self.accounts.get(entry.place);
            account.is_some_and(|account| {
                let knowledge = &account.knowledge;
                let is_there = knowledge.table().knows_key(&entry.key_id);
                let may_exist = knowledge.may_exist(&entry.key_id);
                !is_there && (account.deleted.contains(&entry.key_id) || !may_exist)
            })
        })
    }

    /// On what it hangs whether a key is made.
    pub(super) fn depends_on(&self, key: KeyIndex) -> Vec<Need> {
        let entry = self.key_entry(key);
        let stand_in = entry.and_then(|entry| self.stand_ins.get(&(entry.place, entry.key_id)));
        let Some(stand_in) = stand_in else {
            return Vec::new();
        };
        let need = |depends_on: &DependsOn| {
            let key = stand_in.label.clone();
            match depends_on {
                DependsOn::Fact(fact) => Need::Key { key, fact: *fact },
                DependsOn::Primary(key) => Need::Key {
                    key: key.clone(),
                    fact: Fact::Identity,
                },
                DependsOn::Region => Need::Region,
            }
        };
        stand_in.depends_on.iter().map(need).collect()
    }

    /// Whether a key is one that a step makes of a primary key.
    pub(super) fn is_replica(&self, key: KeyIndex) -> bool {
        self.key_entry(key)
            .is_some_and(|entry| entry.replicates > 0)
    }
}

/// Whether a primary key that is described has a replica in a Region; nothing if not all of its
/// replicas are told.
fn has_replica(primary: &KeyMetadata, region: Option<Region>) -> Option<bool> {
    let Some(MultiRegionRole::Primary { replicas }) = primary.multi_region_role() else {
        return None;
    };
    let regions = &primary.details().replica_regions;
    let are_all_told = usize::try_from(replicas) == Ok(regions.len());
    match region {
        Some(region) if regions.contains(&region) => Some(true),
        _ if regions.is_empty() && are_all_told => Some(false),
        Some(_) if are_all_told => Some(false),
        _ => None,
    }
}

/// What may refuse ReplicateKey of a key that is not known; nothing if it is known to be an enabled
/// primary key, which then is in another Region of the partition and has no replica here (ours).
pub(super) fn of_unknown_primary(primary: &KeyReference, place: Place) -> Vec<Answer> {
    let KeyReference::Unknown(unknown) = primary else {
        return Vec::new();
    };
    let facts = unknown.facts;
    if facts.exists && facts.is_primary == Some(true) && facts.state == Some(KeyState::Enabled) {
        return Vec::new();
    }
    let mut closed = Closed::new(Timestamp::from_millis(0));
    let mut kinds = closed.kinds.possible(&unknown.facts);
    if !unknown.facts.exists {
        kinds.push(NO_KEY);
    }
    let asked_at = Place {
        partition: place.partition(),
        account: place.account,
        ..Place::default()
    };
    let key_id = KeyId::new([1; 16], true);
    let named = (stand_in(asked_at), key_id);
    let labels = [Label {
        key_id,
        label: &unknown.label,
    }];
    let of_kind = |kind| closed.replication_refusal(named, kind, ReplicaRegion::Other);
    let mut refusals: Vec<Refusal> = kinds.into_iter().filter_map(of_kind).collect();
    refusals.push(Refusal::ReplicaBesidePrimary {
        region: place.region.unwrap_or(named.0.region()),
    });
    refusals.push(Refusal::ReplicaExists);
    if place.partition().is_none() {
        refusals.push(Refusal::ReplicaInOtherPartition);
    }
    let answers = refusals.iter();
    let answers = answers.map(|refusal| words::answer(refusal, asked_at, &labels));
    let answers: BTreeSet<_> = answers.collect();
    answers.into_iter().collect()
}
