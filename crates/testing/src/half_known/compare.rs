//! Verdicts held against every completion and order.

use std::collections::BTreeSet;

use kms_alias_foresee::verdict::{Conclusion, Fact, Need, Outcome, Possible, judge};

use super::oracle::Oracle;
use super::world::SmallWorld;

/// What a comparison has seen.
#[derive(Debug, Default)]
pub struct Tally {
    pub worlds: usize,
    pub completions: usize,
    pub runs: usize,
    pub ok: usize,
    pub refused: usize,
    pub several_refusals: usize,
    pub undecided: usize,
    pub needs: usize,
    pub order_needs: usize,
    pub identities: usize,
    pub bound_reached: usize,
    pub fails_without_a_refused_step: usize,
    pub left_out: usize,
}

/// The needs of each undecided step that are not told: facts of keys that change its outcome alone.
pub fn untold(world: &SmallWorld, most: usize) -> Vec<(usize, Need)> {
    let oracle = Oracle::of(world);
    if oracle.size() > most || oracle.contradicts() {
        return Vec::new();
    }
    let judgement = judge(&world.run(), world.knowledge());
    let mut untold = Vec::new();
    for (step, said) in judgement.outcomes.iter().enumerate() {
        let Outcome::Undecided { needs, .. } = said else {
            continue;
        };
        for (number, fact) in oracle.facts_alone(step) {
            let key = oracle
                .key_text_at(number, world.scope_of(world.steps[step]))
                .into();
            let need = Need::Key { key, fact };
            if !needs.contains(&need) {
                untold.push((step, need));
            }
        }
    }
    untold
}

/// Holds the verdicts on a world against every completion and order of it.
#[track_caller]
pub fn compare(world: &SmallWorld, most: usize, check_needs: bool, tally: &mut Tally) {
    let oracle = Oracle::of(world);
    if oracle.size() > most || oracle.contradicts() {
        tally.left_out += 1;
        return;
    }
    let truth = oracle.truth();
    let judgement = judge(&world.run(), world.knowledge());
    tally.worlds += 1;
    tally.completions += truth.completions;
    tally.runs += truth.completions * truth.orders;
    for (step, (said, possible)) in judgement.outcomes.iter().zip(&truth.outcomes).enumerate() {
        let said_possible: BTreeSet<Possible> = match said {
            Outcome::Ok => [Possible::Ok].into(),
            Outcome::Refused { could_be } => {
                could_be.iter().cloned().map(Possible::Refused).collect()
            }
            Outcome::Undecided { could_be, .. } => could_be.iter().cloned().collect(),
        };
        assert_eq!(said_possible, *possible, "step {step} of {world:#?}");
        match said {
            Outcome::Ok => tally.ok += 1,
            Outcome::Refused { could_be } => {
                tally.refused += 1;
                tally.several_refusals += usize::from(could_be.len() > 1);
            }
            Outcome::Undecided { needs, .. } => {
                tally.undecided += 1;
                assert!(possible.len() > 1 && possible.contains(&Possible::Ok));
                assert!(!needs.is_empty(), "step {step} of {world:#?}");
                for need in needs {
                    tally.needs += 1;
                    tally.order_needs += usize::from(matches!(need, Need::Order { .. }));
                    let identity = Fact::Identity;
                    let is_identity = matches!(need, Need::Key { fact, .. } if *fact == identity);
                    tally.identities += usize::from(is_identity);
                    if *need == Need::BoundReached {
                        tally.bound_reached += 1;
                    }
                    if check_needs {
                        assert!(
                            oracle.matters(step, need),
                            "{need:?} of step {step} of {world:#?}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(judgement.conclusion, truth.conclusion, "{world:#?}");
    let none_refused = judgement
        .outcomes
        .iter()
        .all(|outcome| !matches!(outcome, Outcome::Refused { .. }));
    if truth.conclusion == Conclusion::Fails && none_refused {
        tally.fails_without_a_refused_step += 1;
    }
}
