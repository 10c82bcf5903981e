//! Plans of Terraform and OpenTofu, as `terraform show -json` prints them.

mod address;
mod arguments;
mod assumed_index;
mod attributes;
mod blocks;
mod by_arn;
mod choice;
mod configuration;
mod follow;
mod follow_instance;
mod hidden;
mod index;
mod instance;
mod keys;
mod left_out;
mod made;
mod manager;
mod order;
mod origin;
mod output;
mod places;
mod plan;
mod prior;
mod provider;
mod read;
mod reference_to;
mod regions;
mod related;
mod standpoint;
mod steps;
mod stored;
mod touched;
mod values;

use alloc::vec::Vec;

use self::configuration::Tree;
use self::instance::Instances;
use self::order::Ordering;
use self::places::Places;
use self::plan::{Module, Plan, StateResource};
use self::steps::Stepper;
use crate::account::Accounts;
use crate::called::Called;
use crate::fact;
use crate::fault::AccountError;
use crate::locate;
use crate::moves;
use crate::run::{Planned, RunInput};
use kms_alias_foresee::verdict::Run;

/// A plan as its file has it.
pub(crate) struct Document<'a> {
    plan: Plan<'a>,
    /// The module of a plan without a configuration.
    empty: Module<'a>,
}

impl<'a> Document<'a> {
    pub(crate) fn parse(name: &str, json: &'a str) -> Result<Self, AccountError> {
        let plan = serde_json::from_str(json);
        Ok(Self {
            plan: plan.map_err(|error| locate::json_from(name, 1, &error))?,
            empty: Module::default(),
        })
    }
}

/// A plan with what is the same in each way in which what it leaves open can be.
pub(crate) struct Prepared<'p, 'a> {
    plan: &'p Plan<'a>,
    tree: Tree<'p, 'a>,
    state: Vec<&'p StateResource<'a>>,
    instances: Instances<'a>,
}

impl<'p, 'a> Prepared<'p, 'a> {
    pub(crate) fn of(document: &'p Document<'a>) -> Self {
        let plan = &document.plan;
        let configuration = plan.configuration.as_ref();
        let root = configuration.and_then(|all| all.root_module.as_ref());
        let mut tree = Tree::of(root.unwrap_or(&document.empty));
        tree.variables = plan.variables.as_ref();
        Self {
            plan,
            tree,
            state: instance::state(plan),
            instances: Instances::of(plan),
        }
    }

    /// The run that it is, with what else is to be said of it. What its prior state tells is added to
    /// the accounts.
    pub(crate) fn read(&self, input: &RunInput<'_>, accounts: &mut Accounts) -> Planned {
        let (plan, tree, state) = (self.plan, &self.tree, &self.state);
        let instances = &self.instances;
        let mut places = Places::of(plan, tree, state);
        places.settle(instances, accounts, &input.assumptions);
        let mut advice = left_out::advice(plan, tree, state);
        advice.extend(regions::advice(instances, &places));
        let facts = prior::facts(state, instances, &places);
        fact::learn(accounts, facts, &mut advice);

        let mut stepper = Stepper::new(tree, instances, &places, accounts, &input.assumptions);
        let planned = stepper.steps();
        advice.extend(stepper.missing_reads());
        advice.extend(stepper.follower.assumed.advice(&planned, instances));
        let open = places.open().or(stepper.choices.open);
        let after = Ordering::new(&planned, instances).order(tree, state);
        let steps = planned.into_iter().zip(after).map(|(planned, after)| {
            let mut step = planned.step;
            step.after = after;
            step
        });
        let run = Run::partial(steps.collect(), input.at);
        by_arn::share(accounts, instances, run.steps.iter());
        advice.extend(moves::advice(&run, accounts));
        let references = reference_to::References::of(instances);
        advice.extend(arguments::advice(plan, &references, accounts));
        advice.extend(stored::advice(plan, tree, &references));
        Planned {
            run,
            advice,
            open,
            covers: None,
            unset: Vec::new(),
            is_impossible: false,
            called: Called::new(),
        }
    }
}
