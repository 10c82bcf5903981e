//! What stands, compared with what is wanted, as the machine judges it; nothing yet of the order.

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use super::impossible::{Impossible, Unreachable};
use super::moves::{Keys, Move, Moves, Route, Target, request};
use super::undecided::Undecided;
use super::wanted::{PlanOptions, Unmentioned, Wanted};
use super::wants::{Account, Open};
use crate::verdict::Outcome;
use hashbrown::HashSet;
use kms_alias::Rule;
use kms_alias::{Alias, AliasListEntry, AliasTable};
use kms_alias::{AliasName, AnyAliasName, ReservedNames, TargetKeyId};
use kms_alias::{KmsOperation, Timestamp};
use kms_alias::{Operation, Refusal, RequestText};

impl Moves {
    /// Compares what stands with what is wanted.
    pub(super) fn read(
        account: &Account<'_>,
        wanted: &Wanted,
        options: PlanOptions,
        at: Timestamp,
    ) -> Result<Self, Impossible> {
        let table = &*account.table;
        let mut reading = Reading {
            account,
            table,
            at,
            keys: Keys::of(table),
            moves: Vec::new(),
            open: Vec::new(),
            unreachable: Vec::new(),
            undecided: Vec::new(),
        };
        let mut wanted = wanted.iter().peekable();
        // Both are in the byte order of the names (rule L4).
        for alias in table.iter() {
            while let Some((name, target)) =
                wanted.next_if(|(name, _)| name.as_str() < alias.name())
            {
                reading.create(name, target);
            }
            match wanted.next_if(|(name, _)| name.as_str() == alias.name()) {
                Some((_, target)) => reading.compare(&alias, target),
                None => reading.leave_out(&alias, options.unmentioned),
            }
        }
        for (name, target) in wanted {
            reading.create(name, target);
        }
        reading.finish()
    }
}

struct Reading<'a> {
    account: &'a Account<'a>,
    table: &'a AliasTable,
    at: Timestamp,
    keys: Keys,
    moves: Vec<Move>,
    /// What the table cannot answer.
    open: Vec<Open>,
    unreachable: Vec<Unreachable>,
    undecided: Vec<Undecided>,
}

/// What the machine says of an alias.
enum Answer {
    /// It can get there; if not in one step, for this rule.
    Goes(AliasName, Option<Rule>),
    /// This is for what is known of the account to say.
    Open(Operation),
    Refused(Vec<Refusal>),
}

impl Reading<'_> {
    /// An alias that is wanted and does not stand.
    fn create(&mut self, name: &AnyAliasName, target: &TargetKeyId) {
        let to = self.arrive(name.as_str(), target);
        let answer = self.ask(KmsOperation::CreateAlias, name.as_str(), Some(target));
        if let Answer::Open(operation) = answer {
            return self.leave_open(operation, None, None, to);
        }
        let route = to.map(|to| Route::Create { to });
        self.note(|| name.clone(), Some(target), answer, |_| route);
    }

    /// An alias that stands and is wanted.
    fn compare(&mut self, alias: &Alias<'_>, target: &TargetKeyId) {
        let from = self.count(alias);
        if alias.target_key_id() == Some(target.key_id()) && self.is_here(target) {
            return;
        }
        self.depart(from);
        let to = self.arrive(alias.name(), target);
        let answer = self.ask(KmsOperation::UpdateAlias, alias.name(), Some(target));
        if let Answer::Open(operation) = answer {
            return self.leave_open(operation, Some(alias.to_entry()), from, to);
        }
        self.note(
            || alias.to_name(),
            Some(target),
            answer,
            |cause| Some(of_move(from?, to?, cause)),
        );
    }

    /// Keeps a request for later, which the table cannot answer.
    fn leave_open(
        &mut self,
        operation: Operation,
        present: Option<AliasListEntry>,
        from: Option<usize>,
        to: Option<Target>,
    ) {
        let (Some(alias_name), Some(target)) = (operation.alias_name(), operation.named_key())
        else {
            return;
        };
        self.open.push(Open {
            alias_name: alias_name.clone(),
            target,
            present,
            from,
            to,
            operation,
        });
    }

    /// An alias that stands and is not mentioned.
    fn leave_out(&mut self, alias: &Alias<'_>, unmentioned: Unmentioned) {
        let from = self.count(alias);
        if unmentioned == Unmentioned::Stay || is_aws(alias.name()) {
            return;
        }
        self.depart(from);
        let answer = self.ask(KmsOperation::DeleteAlias, alias.name(), None);
        let route = from.map(|from| Route::Delete { from });
        self.note(|| alias.to_name(), None, answer, |_| route);
    }

    /// Counts an alias that stands; its key, unless it is one of AWS's own, which count against no
    /// quota (rule A8).
    fn count(&mut self, alias: &Alias<'_>) -> Option<usize> {
        let key_id = alias.target_key_id().filter(|_| !is_aws(alias.name()))?;
        let key = self.keys.number(key_id)?;
        add(&mut self.keys.before, key);
        add(&mut self.keys.after, key);
        Some(key)
    }

    fn depart(&mut self, from: Option<usize>) {
        if let Some(after) = from.and_then(|from| self.keys.after.get_mut(from)) {
            *after = after.saturating_sub(1);
        }
    }

    fn arrive(&mut self, name: &str, target: &TargetKeyId) -> Option<Target> {
        let number = self.keys.number(target.key_id())?;
        if self.is_here(target) && !is_aws(name) {
            add(&mut self.keys.arrivals, number);
            add(&mut self.keys.after, number);
        }
        Some(Target {
            number,
            named: *target,
        })
    }

    /// Whether a key is named as one of this table: by an ARN of another Region it is not.
    fn is_here(&self, target: &TargetKeyId) -> bool {
        match target {
            TargetKeyId::KeyId(_) => true,
            TargetKeyId::KeyArn(arn) => arn.scope() == self.table.scope(),
        }
    }

    /// Asks the machine whether an alias can get there, but for the room, and in one step or two.
    fn ask(&self, operation: KmsOperation, name: &str, target: Option<&TargetKeyId>) -> Answer {
        // What only the table's own reading of rule A4 reserves is for the machine to refuse.
        let Ok(alias_name) = AliasName::parse_with(name, ReservedNames::AliasAwsSlash) else {
            return Answer::Refused(self.refuse_name(operation, name, target));
        };
        let asked = request(operation, alias_name.clone(), target.copied());
        let checked = self.table.check(&asked, self.at);
        if self.is_open(&asked, checked.as_ref().err()) {
            return Answer::Open(asked);
        }
        let Err(refusal) = checked else {
            return Answer::Goes(alias_name, None);
        };
        match refusal.rule() {
            // The quota is checked last, and usage and type before it: all else is in order.
            Rule::T6 => Answer::Goes(alias_name, None),
            rule @ (Rule::U3 | Rule::U4) => Answer::Goes(alias_name, Some(rule)),
            _ => Answer::Refused(self.refusals(&asked)),
        }
    }

    /// The rules that forbid a request, by whatever way.
    fn refusals(&self, asked: &Operation) -> Vec<Refusal> {
        let mut refusals = self.table.broken_rules(asked, self.at);
        refusals.retain(|refusal| !is_a_way_round(refusal.rule()) && refusal.rule() != Rule::I6);
        refusals
    }

    /// Whether the table's answer depends on a key that is not described: on the target, unless what
    /// is asked before it is refused, or on the key that an update leaves, which is asked after it.
    fn is_open(&self, asked: &Operation, refusal: Option<&Refusal>) -> bool {
        if !self.account.has_open_keys {
            return false;
        }
        let rule = refusal.map(Refusal::rule);
        match (rule, asked) {
            (Some(Rule::A4 | Rule::U1 | Rule::A6 | Rule::T3 | Rule::T2 | Rule::T4), _) => false,
            (
                None | Some(Rule::I6 | Rule::U4 | Rule::U3 | Rule::T6),
                Operation::UpdateAlias {
                    alias_name,
                    target_key_id,
                },
            ) => {
                let present = self.table.get(alias_name);
                let present = present.and_then(|alias| alias.target_key_id());
                let mut keys = present.into_iter().chain([target_key_id.key_id()]);
                keys.any(|key_id| self.account.is_open(key_id))
            }
            _ => asked
                .named_key()
                .is_some_and(|key| self.account.is_open(key.key_id())),
        }
    }

    /// The refusal of a name that no customer's alias has (rule A4).
    fn refuse_name(
        &self,
        operation: KmsOperation,
        name: &str,
        target: Option<&TargetKeyId>,
    ) -> Vec<Refusal> {
        let target = target.map(ToString::to_string);
        let text = RequestText {
            alias_name: Some(name),
            target_key_id: target.as_deref(),
            ..RequestText::default()
        };
        let asked = Operation::parse(operation, &text, self.table.reserved_names());
        asked.err().into_iter().collect()
    }

    fn note(
        &mut self,
        name: impl FnOnce() -> AnyAliasName,
        target: Option<&TargetKeyId>,
        answer: Answer,
        route: impl FnOnce(Option<Rule>) -> Option<Route>,
    ) {
        let refusals = match answer {
            Answer::Refused(refusals) => refusals,
            Answer::Goes(alias_name, cause) => {
                // The machine knows all keys that it accepts, so there is a route.
                let to_move = route(cause).map(|route| Move { alias_name, route });
                return self.moves.extend(to_move);
            }
            // No delete is open.
            Answer::Open(_) => return,
        };
        self.unreachable.push(Unreachable {
            alias_name: name(),
            target_key_id: target.copied(),
            refusals,
        });
    }

    fn finish(mut self) -> Result<Moves, Impossible> {
        self.refuse_what_has_no_room();
        self.decide_what_is_open();
        let Self {
            keys,
            moves,
            mut unreachable,
            undecided,
            ..
        } = self;
        if unreachable.is_empty() && undecided.is_empty() {
            return Ok(Moves { keys, moves });
        }
        unreachable.sort_by(|a, b| a.alias_name.cmp(&b.alias_name));
        Err(Impossible {
            unreachable,
            undecided,
        })
    }

    /// Where all that a key can be leads to one answer, that is the answer.
    fn decide_what_is_open(&mut self) {
        let open = core::mem::take(&mut self.open);
        let outcomes = self.account.outcomes(&open, self.at);
        let decided = self.moves.len();
        for (one, outcome) in open.into_iter().zip(outcomes) {
            let cause = match &outcome {
                Outcome::Ok => Some(None),
                Outcome::Refused { could_be } => could_be
                    .iter()
                    .all(|answer| is_a_way_round(answer.rule))
                    .then(|| could_be.first().map(|answer| answer.rule)),
                Outcome::Undecided { .. } => None,
            };
            let route = cause.zip(one.to).map(|(cause, to)| match one.from {
                Some(from) => of_move(from, to, cause),
                None => Route::Create { to },
            });
            let refusals = match outcome {
                Outcome::Refused { .. } if route.is_none() => self.refusals(&one.operation),
                _ => Vec::new(),
            };
            if let Some(route) = route {
                let alias_name = one.alias_name;
                self.moves.push(Move { alias_name, route });
            } else if refusals.is_empty() {
                self.undecided.push(Undecided::of(&one, outcome));
            } else {
                self.unreachable.push(Unreachable {
                    alias_name: one.alias_name.into(),
                    target_key_id: Some(one.target),
                    refusals,
                });
            }
        }
        if self.moves.len() > decided {
            self.moves.sort_by(|a, b| a.alias_name.cmp(&b.alias_name));
        }
    }

    /// Rule T6: a key to which anything comes is not above the quota at the end, as it was not when
    /// the last alias came.
    fn refuse_what_has_no_room(&mut self) {
        let keys = &self.keys;
        let mut excess: Vec<usize> = (keys.after.iter())
            .map(|after| after.saturating_sub(keys.quota))
            .collect();
        if excess.iter().all(|excess| *excess == 0) {
            return;
        }
        let coming = self
            .moves
            .iter()
            .filter_map(|of| Some((&of.alias_name, of.route.to()?)));
        let open = self
            .open
            .iter()
            .filter_map(|of| Some((&of.alias_name, of.to.as_ref()?)));
        let mut coming: Vec<_> = coming.chain(open).collect();
        coming.sort_unstable_by_key(|(alias_name, _)| *alias_name);
        let mut without_room = HashSet::new();
        for (alias_name, to) in coming.into_iter().rev() {
            let Some(excess) = excess.get_mut(to.number).filter(|excess| **excess > 0) else {
                continue;
            };
            *excess = excess.saturating_sub(1);
            let of = |counts: &[usize]| counts.get(to.number).copied().unwrap_or_default();
            let stay = of(&keys.after).saturating_sub(of(&keys.arrivals));
            let refusal = Refusal::AliasesPerKeyQuota {
                quota: self.table.aliases_per_key(),
                usage: u32::try_from(stay.max(keys.quota)).unwrap_or(u32::MAX),
            };
            without_room.insert(alias_name.clone());
            self.unreachable.push(Unreachable {
                alias_name: alias_name.clone().into(),
                target_key_id: Some(to.named),
                refusals: vec![refusal],
            });
        }
        self.open
            .retain(|of| !without_room.contains(&of.alias_name));
    }
}

/// From key to key, in one step or for this rule in two.
const fn of_move(from: usize, to: Target, cause: Option<Rule>) -> Route {
    match cause {
        None => Route::Update { from, to },
        Some(cause) => Route::Gap { from, to, cause },
    }
}

/// Rules that an alias gets round: by a delete and a create, and by the order of the steps.
const fn is_a_way_round(rule: Rule) -> bool {
    matches!(rule, Rule::U3 | Rule::U4 | Rule::T6)
}

fn add(counts: &mut [usize], key: usize) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_add(1);
    }
}

/// Whether a name has the form of AWS's own (rule A8).
const fn is_aws(name: &str) -> bool {
    ReservedNames::AliasAwsSlash.reserves(name)
}
