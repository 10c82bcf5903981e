//! The values that nobody gave: what they are called, and which option gives them.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::Scope;
use super::links::OF_PARENT;
use super::steps::Stack;
use super::written::url_suffix;
use crate::run::Unset;

/// The values of stacks that nobody gave.
pub(super) fn unset(stacks: &[Stack<'_>]) -> Vec<Unset> {
    let mut all: Vec<Unset> = Vec::new();
    for stack in stacks {
        let old = stack.old.iter().flat_map(|old| of_running(&old.scope));
        let each = of_new(&stack.new.scope).into_iter().chain(old);
        for one in each {
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    // In nested stacks they are called after the stacks around these.
    let mut outer = all.clone();
    for _ in 0..stacks.iter().map(depth).max().unwrap_or_default() {
        for one in &mut outer {
            one.label = format!("{} {OF_PARENT}", one.label).into();
        }
        all.extend(outer.iter().cloned());
    }
    all
}

/// In how many stacks a stack is nested.
fn depth(stack: &Stack<'_>) -> usize {
    let path = stack.parent.as_ref().map(|parent| parent.path);
    path.map_or(0, |path| path.split('/').count())
}

fn of_new(scope: &Scope<'_>) -> Vec<Unset> {
    let is_open = |(name, parameter): &(&String, &Value)| {
        if scope.is_nested() {
            return false;
        }
        let is_given = scope.parameters.contains_key(name.as_str());
        let has_default = parameter.get("Default").is_some_and(|it| !it.is_null());
        !is_given && !has_default && !is_of_ssm(parameter)
    };
    let parameters = scope.template.section("Parameters").filter(is_open);
    let parameters = parameters.map(|(name, _)| one(name, format!("--parameter {name}=VALUE")));
    let place = scope.place;
    let partition = place.partition();
    let suffix = match partition.is_none() {
        true => "--region REGION",
        false => "--parameter AWS::URLSuffix=VALUE",
    };
    let pseudo = [
        ("AWS::Region", place.region.is_none(), "--region REGION"),
        ("AWS::Partition", partition.is_none(), "--region REGION"),
        (
            "AWS::URLSuffix",
            partition.and_then(url_suffix).is_none(),
            suffix,
        ),
        (
            "AWS::AccountId",
            place.account.is_none(),
            "--account-id ACCOUNT",
        ),
        (
            "AWS::StackName",
            scope.stack_name.is_none() && !scope.is_nested(),
            "--parameter AWS::StackName=VALUE",
        ),
    ];
    let is_open = |(name, is_unknown, _): &(&str, bool, &str)| {
        *is_unknown && !scope.parameters.contains_key(*name)
    };
    let pseudo = pseudo.into_iter().filter(is_open);
    let pseudo = pseudo.map(|(name, _, option)| one(name, option.into()));
    parameters.chain(pseudo).collect()
}

fn of_running(scope: &Scope<'_>) -> Vec<Unset> {
    let withheld = scope.withheld.iter();
    let each = withheld.map(|name| {
        let option = format!("--deployed-parameter {name}=VALUE");
        one(&format!("{name} of the running stack"), option)
    });
    each.collect()
}

/// Whether a parameter has the value that stands in the parameter store under what is given.
fn is_of_ssm(parameter: &Value) -> bool {
    let kind = parameter.get("Type").and_then(Value::as_str);
    kind.is_some_and(|kind| kind.starts_with("AWS::SSM::"))
}

fn one(label: &str, option: String) -> Unset {
    Unset {
        label: label.into(),
        option: option.into(),
    }
}
