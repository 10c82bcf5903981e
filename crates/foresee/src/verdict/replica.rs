//! The keys that steps make, as the steps of a run are typed: new ones, and replicas of others.

use kms_alias::{
    AccountId, KeyId, KmsOperation, Operation, Refusal, RequestText, ReservedNames, TargetKeyId,
};

use super::description::{DependsOn, Description};
use super::facts::KeyFacts;
use super::outcome::Fact;
use super::place::Place;
use super::request::{KeyReference, Request};
use super::task::{Asks, Make, Replica, ReplicaRegion, StandIn};
use super::typing::{Typing, is_state_open, label_of_made, made};

/// Where the primary key of a replica is.
struct Primary {
    place: usize,
    key_id: KeyId,
    /// The account that its ARN tells, if that is not the one in which it is asked for.
    told: Option<AccountId>,
}

impl<'r> Typing<'r, '_> {
    pub(super) fn create_key(
        &mut self,
        index: usize,
        place: usize,
        key: &KeyFacts,
        open: &[Fact],
    ) -> Asks<'r> {
        let description = self.description(place, key, open);
        if !description.may_succeed {
            return Asks::Never(description.refusals);
        }
        Asks::Make(Make::New {
            key_id: self.made_by(index, place),
            refusals: description.refusals,
        })
    }

    pub(super) fn replicate_key(
        &mut self,
        index: usize,
        place: usize,
        (key, is_state_open): (&KeyFacts, bool),
        primary: &KeyReference,
        primary_place: Place,
    ) -> Asks<'r> {
        let primary = match self.primary(place, primary, primary_place) {
            Ok(Some(primary)) => primary,
            Ok(None) => {
                return Asks::Make(Make::New {
                    key_id: self.made_by(index, place),
                    refusals: super::making::of_unknown_primary(primary, self.place_at(place)),
                });
            }
            Err(refusal) => return Asks::Refused(vec![std::borrow::Cow::Owned(refusal)]),
        };
        let region = self.region_of_replica(place, primary.place);
        let key_id = (region == ReplicaRegion::Other).then(|| self.replica(index, place, &primary));
        Asks::Make(Make::Replica(Replica {
            primary: (primary.place, primary.key_id),
            told: primary.told,
            key_id,
            region,
            facts: *key,
            is_state_open,
        }))
    }

    /// The key that a step makes; where the step makes none, a key of which nothing is known.
    pub(super) fn made_by(&mut self, index: usize, place: usize) -> KeyId {
        let Some(step) = self.run.steps.get(index) else {
            return self.made_elsewhere(index, place, Place::default(), KeyFacts::default());
        };
        let named_at = self.place_at(place);
        match &step.request {
            Request::CreateKey { key, open } if step.place == named_at => {
                self.new_key(index, place, key, open)
            }
            Request::ReplicateKey {
                key,
                primary,
                primary_place,
                open,
            } => {
                let made_at = self.place(step.place);
                match self.primary(made_at, primary, *primary_place) {
                    Ok(Some(primary)) => self.named_replica(index, (place, made_at), &primary),
                    Ok(None) if made_at == place => {
                        let refusals = super::making::of_unknown_primary(primary, named_at);
                        let depends_on = match refusals.is_empty() {
                            true => Vec::new(),
                            false => vec![DependsOn::Primary(label_of(primary))],
                        };
                        let mut facts = made(*key);
                        facts.multi_region = Some(true);
                        self.stand_in_of_made(index, place, (facts, open), depends_on)
                    }
                    Ok(None) => self.made_elsewhere(index, place, step.place, made(*key)),
                    Err(_) => self.never_made(index, place),
                }
            }
            Request::CreateKey { key, .. } => {
                self.made_elsewhere(index, place, step.place, made(*key))
            }
            Request::Malformed { .. } => self.never_made(index, place),
            _ => self.made_elsewhere(index, place, step.place, KeyFacts::default()),
        }
    }

    fn new_key(&mut self, index: usize, place: usize, key: &KeyFacts, open: &[Fact]) -> KeyId {
        if let Some(known) = self.label(index, place) {
            return known;
        }
        let description = self.description(place, key, open);
        if !description.may_succeed {
            return self.never_made(index, place);
        }
        self.stand_in_of_made(index, place, (made(*key), open), description.depends_on)
    }

    fn stand_in_of_made(
        &mut self,
        index: usize,
        place: usize,
        (facts, open): (KeyFacts, &[Fact]),
        depends_on: Vec<DependsOn>,
    ) -> KeyId {
        let label = label_of_made(self.run, index);
        let key_id = self.stand_in(place, key_of_step(index), label, facts, true);
        if let Some(stand_in) = self.stand_ins.get_mut(&(place, key_id)) {
            stand_in.depends_on = depends_on;
            stand_in.is_state_open = is_state_open(open);
        }
        key_id
    }

    /// A key that is made in another place is not found in this one (rule T1).
    fn made_elsewhere(
        &mut self,
        index: usize,
        place: usize,
        made_at: Place,
        facts: KeyFacts,
    ) -> KeyId {
        let is_apart = made_at.is_apart(&self.place_at(place));
        self.not_made_here(index, place, facts, is_apart)
    }

    /// A key of which the making is refused is not found (rule T1).
    fn never_made(&mut self, index: usize, place: usize) -> KeyId {
        self.not_made_here(index, place, KeyFacts::default(), true)
    }

    fn not_made_here(
        &mut self,
        index: usize,
        place: usize,
        mut facts: KeyFacts,
        is_absent: bool,
    ) -> KeyId {
        let label = label_of_made(self.run, index);
        facts.exists = false;
        let key_id = self.stand_in(place, key_of_step(index), label, facts, false);
        if let Some(stand_in) = self.stand_ins.get_mut(&(place, key_id)) {
            stand_in.is_absent = is_absent;
        }
        key_id
    }

    /// The key that a step names as the replica which another step makes: in the place of the primary
    /// key that one, as they share an ID.
    fn named_replica(
        &mut self,
        index: usize,
        (place, made_at): (usize, usize),
        primary: &Primary,
    ) -> KeyId {
        if place == primary.place {
            return primary.key_id;
        }
        if place == made_at || !self.is_stand_in(primary) {
            return self.replica(index, place, primary);
        }
        let made_at = self.place_at(made_at);
        self.made_elsewhere(index, place, made_at, KeyFacts::default())
    }

    /// The replica of a primary key in a place: it has the ID of the primary key (rule K2).
    fn replica(&mut self, index: usize, place: usize, primary: &Primary) -> KeyId {
        let key_id = KeyId::new(*primary.key_id.as_bytes(), true);
        if self.is_stand_in(primary) || primary.key_id != key_id {
            let label = label_of_made(self.run, index);
            // No key of an account has such an ID, so that nothing stands there yet.
            self.stand_ins
                .entry((place, key_id))
                .or_insert_with(|| StandIn {
                    label,
                    facts: made(KeyFacts::default()),
                    is_made: true,
                    is_absent: true,
                    depends_on: Vec::new(),
                    is_state_open: false,
                });
        }
        key_id
    }

    fn is_stand_in(&self, primary: &Primary) -> bool {
        let known = self.stand_ins.get(&(primary.place, primary.key_id));
        known.is_some_and(|stand_in| *stand_in.label != *primary.key_id.to_string())
    }

    /// The primary key that a step of a place names; none if it is not known which key that is.
    fn primary(
        &mut self,
        place: usize,
        primary: &KeyReference,
        primary_place: Place,
    ) -> Result<Option<Primary>, Refusal> {
        let text = match primary {
            KeyReference::Unknown(_) => return Ok(None),
            KeyReference::MadeBy(index) => {
                let primary_place = self.place(primary_place);
                return Ok(Some(Primary {
                    place: primary_place,
                    key_id: self.made_by(*index, primary_place),
                    told: None,
                }));
            }
            KeyReference::Absent => None,
            KeyReference::Text(text) => Some(&**text),
        };
        let text = RequestText {
            key_id: text,
            ..RequestText::default()
        };
        // Both name a key by this member alone (rules K1–K4, K8).
        let parsed = Operation::parse(KmsOperation::EnableKey, &text, ReservedNames::default())?;
        let Some(named) = parsed.named_key() else {
            return Ok(None);
        };
        let key_id = named.key_id();
        let told = match named {
            TargetKeyId::KeyArn(arn) => Some(arn.scope().account()),
            _ => None,
        };
        let asked_at = self.place_at(place);
        let is_elsewhere = asked_at.account.is_none()
            && primary_place.account.is_some()
            && !self.case.scopes.contains_key(&asked_at);
        let is_anothers = primary_place.account.is_some()
            && told.is_some_and(|told| Some(told) != primary_place.account);
        if !is_elsewhere && !is_anothers {
            return Ok(Some(Primary {
                place: self.place(primary_place),
                key_id,
                told: None,
            }));
        }
        let primary_place = Place {
            account: None,
            number: asked_at.number,
            ..primary_place
        };
        let place = self.absent(primary_place, key_id);
        Ok(Some(Primary {
            place,
            key_id,
            told,
        }))
    }

    /// The place of a primary key that is one of another account than that in which it is asked for: it is not
    /// found there (rule T1).
    fn absent(&mut self, place: Place, key_id: KeyId) -> usize {
        let place = self.place(place);
        self.stand_ins.insert(
            (place, key_id),
            StandIn {
                label: key_id.to_string().into(),
                facts: KeyFacts::default(),
                is_made: false,
                is_absent: true,
                depends_on: Vec::new(),
                is_state_open: false,
            },
        );
        place
    }

    /// Where a replica is made, seen from the place of its primary; two places of which that is not
    /// known are two Regions of one partition (ours).
    fn region_of_replica(&self, place: usize, primary_place: usize) -> ReplicaRegion {
        if place == primary_place {
            return ReplicaRegion::OfPrimary;
        }
        let (here, there) = (self.place_at(place), self.place_at(primary_place));
        let scope = self.case.scopes.get(&here);
        let region = here.region.or(scope.map(|scope| scope.region()));
        if region.is_some() && region == there.region {
            return ReplicaRegion::OfPrimary;
        }
        let partition = region.map_or(here.partition(), |region| Some(region.partition()));
        match (partition, there.partition()) {
            (Some(one), Some(other)) if one != other => ReplicaRegion::OfOtherPartition,
            _ => ReplicaRegion::Other,
        }
    }

    fn description(&mut self, place: usize, key: &KeyFacts, open: &[Fact]) -> Description {
        let place = self.place_at(place);
        let asked = (*key, open.to_vec(), place.partition());
        let known = self.descriptions.entry(asked);
        known
            .or_insert_with(|| Description::of(key, open, place))
            .clone()
    }

    fn place_at(&self, place: usize) -> Place {
        self.places.get(place).copied().unwrap_or_default()
    }

    fn label(&self, index: usize, place: usize) -> Option<KeyId> {
        self.labels.get(&(place, key_of_step(index))).copied()
    }
}

/// Two steps of a replacement share an address: the index keeps their keys apart.
fn key_of_step(index: usize) -> Box<str> {
    index.to_string().into()
}

/// What is shown for a key that is not known.
fn label_of(key: &KeyReference) -> Box<str> {
    match key {
        KeyReference::Unknown(unknown) => unknown.label.clone(),
        _ => Box::default(),
    }
}
