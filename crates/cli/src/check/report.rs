//! What is said of the steps: for people and for programs alike.

use std::collections::BTreeMap;

use kms_alias_files::{Advice, AdviceRule};
use kms_alias_foresee::verdict::{Conclusion, Outcome};

use super::access::Access;
use super::uses::Uses;
use crate::common::Exit;

/// A step, its verdict, and whom it touches as far as that was asked.
pub struct Step {
    /// From 1, in the order of the file; steps that are not shown count.
    pub number: usize,
    /// The Terraform address or the logical ID, where the step has one.
    pub address: Option<Box<str>>,
    /// The account and Region, where there are several.
    pub place: Option<String>,
    /// The line in the file, where the step has one.
    pub line: Option<usize>,
    pub operation: String,
    /// The alias or the key that it is about.
    pub subject: Option<String>,
    pub outcome: Outcome,
    /// What else is to be said, such as that the tool hides KMS's answer.
    pub notes: Vec<Box<str>>,
    /// What to change so that it passes, and which steps cannot all pass: for people.
    pub remedies: Vec<Box<str>>,
    pub uses: Vec<Uses>,
    pub access: Vec<Access>,
}

impl Step {
    /// What people are told of it besides.
    pub fn said(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().chain(&self.remedies).map(|it| &**it)
    }
}

/// Where a resource is written.
pub struct Source {
    pub file: String,
    pub line: Option<usize>,
}

/// All steps, and whom they touch together.
pub struct Report {
    /// The file that the steps are from.
    pub file: String,
    /// Where the resources of templates are written, by address.
    pub sources: BTreeMap<Box<str>, Source>,
    pub steps: Vec<Step>,
    /// Steps on keys that pass and are not listed, where they touch uses through aliases.
    pub hidden: Vec<Step>,
    /// How many steps there are, those that are not shown too.
    pub steps_in_all: usize,
    pub conclusion: Conclusion,
    /// The accounts and Regions.
    pub places: Vec<String>,
    /// How many ways there are in which what is not known can be, where steps depend on it.
    pub ways: usize,
    /// How many aliases stand afterwards; none if that is not known.
    pub aliases_afterwards: Option<usize>,
    /// Where names that nothing mentions were taken as free.
    pub assumed_free: Vec<String>,
    /// Where replicas of which nothing tells were taken as ones that can be made.
    pub assumed_replicable: Vec<String>,
    /// Where it is not certain which aliases stand afterwards.
    pub open_places: Vec<String>,
    pub bound_reached: bool,
    /// What else is wrong, which KMS does not refuse.
    pub advice: Vec<Advice>,
    /// The rules whose warnings fail the run.
    pub denied: Vec<AdviceRule>,
    pub uses: Vec<Uses>,
    /// None if there are no conditions.
    pub access: Option<Vec<Access>>,
}

/// How many steps have each outcome.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub ok: usize,
    pub refused: usize,
    pub undecided: usize,
}

impl Report {
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            *match step.outcome {
                Outcome::Ok => &mut counts.ok,
                Outcome::Refused { .. } => &mut counts.refused,
                Outcome::Undecided { .. } => &mut counts.undecided,
            } += 1;
        }
        counts
    }

    /// Adds the report on another account, whose steps come after these.
    pub fn append(&mut self, mut other: Self) {
        for step in other.steps.iter_mut().chain(&mut other.hidden) {
            step.number += self.steps_in_all;
        }
        self.steps.append(&mut other.steps);
        self.hidden.append(&mut other.hidden);
        self.sources.append(&mut other.sources);
        self.steps_in_all += other.steps_in_all;
        self.conclusion = match (self.conclusion, other.conclusion) {
            (Conclusion::Fails, _) | (_, Conclusion::Fails) => Conclusion::Fails,
            (Conclusion::Undecided, _) | (_, Conclusion::Undecided) => Conclusion::Undecided,
            (Conclusion::Passes, Conclusion::Passes) => Conclusion::Passes,
        };
        self.places.append(&mut other.places);
        let afterwards = self.aliases_afterwards.zip(other.aliases_afterwards);
        self.aliases_afterwards = afterwards.map(|(here, there)| here + there);
        self.assumed_free.append(&mut other.assumed_free);
        self.assumed_replicable
            .append(&mut other.assumed_replicable);
        self.open_places.append(&mut other.open_places);
        self.bound_reached |= other.bound_reached;
        self.advice.append(&mut other.advice);
        self.uses.append(&mut other.uses);
        if let (Some(access), Some(mut more)) = (&mut self.access, other.access) {
            access.append(&mut more);
        }
    }

    /// The steps that are shown: all, or the refused ones.
    pub fn shown(&self, refused_only: bool) -> impl Iterator<Item = &Step> {
        let is_shown =
            move |step: &&Step| !refused_only || matches!(step.outcome, Outcome::Refused { .. });
        self.steps.iter().filter(is_shown)
    }

    /// The steps that may touch somebody, which is not certain.
    pub fn steps_not_certain(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().chain(&self.hidden).filter(|step| {
            let of_uses = step.uses.iter().any(|one| !one.is_certain);
            of_uses || step.access.iter().any(|one| !one.is_certain)
        })
    }

    /// Whether a warning fails the run, as it was asked for.
    pub fn is_denied(&self, advice: &Advice) -> bool {
        self.denied.contains(&advice.rule)
    }

    pub fn exit(&self) -> Exit {
        if self.advice.iter().any(|advice| self.is_denied(advice)) {
            return Exit::Fails;
        }
        match self.conclusion {
            Conclusion::Passes => Exit::Passes,
            Conclusion::Fails => Exit::Fails,
            Conclusion::Undecided => Exit::Undecided,
        }
    }
}
