//! Templates of CloudFormation and assemblies of CDK.

mod arguments;
mod assembly;
mod change;
mod circles;
mod conditions;
mod constraints;
mod covering;
mod evaluate;
mod functions;
mod in_the_way;
mod inherited;
mod keys;
mod links;
mod loops;
mod manifest;
mod member;
mod nested;
mod order;
mod parameters;
mod passed;
mod pattern;
mod placed;
mod pseudo;
mod references;
mod repeated;
mod retyped;
mod ring;
mod rules;
mod running;
mod scalars;
mod shapes;
mod source;
mod split;
mod stack;
mod standing;
mod steps;
mod target;
mod template;
mod texts;
mod touched;
mod unknown;
mod unset;
mod written;

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub(crate) use self::assembly::Assembly;
use self::assembly::order_by_imports;
use self::covering::covering;
use self::evaluate::Scope;
use self::links::Links;
use self::loops::Lists;
pub use self::manifest::{assembly_templates, nested_manifests};
use self::member::{Member, OfNested, World};
pub use self::nested::nested_templates;
use self::nested::{Located, Tree};
use self::parameters::{Given, check_defaults, check_names};
pub(crate) use self::placed::placed;
use self::source::{WrittenIn, source};
use self::stack::{left_out, left_out_of_running};
use self::steps::{Stack, steps};
use self::template::Template;
use self::unset::unset;
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::locate;
use crate::moves;
use crate::recognise::{Kind, recognise};
use crate::run::{Planned, RunInput, Source};
use crate::text;
use kms_alias_foresee::verdict::{Place, Run};
use serde_json::Value;

/// A template, and the one that runs, with their nested stacks and the parameters that were given.
pub(crate) struct Document {
    template: Template,
    deployed: Option<Template>,
    given: Given,
    tree: Tree,
}

impl Document {
    pub(crate) fn parse(input: &RunInput<'_>, json: &str) -> Result<Self, AccountError> {
        let name = input.file.name;
        let mut template = parse_body(input.file, json)?;
        let mut deployed = input.deployed.map(parse_deployed).transpose()?;
        let given = Given::of(input);
        template.write_out_loops(&given.lists(&template, false));
        if let Some(deployed) = &mut deployed {
            deployed.write_out_loops(&given.lists(deployed, true));
        }
        let old = deployed.as_ref().zip(input.deployed);
        let old = old.map(|(template, file)| Located::of(file.name, template));
        let new = Located::of(name, &template);
        let root = nested::Parent::root(0, None, Some(new), old, given.clone());
        let tree = Tree::of(input, &[root])?;
        references::check_any(name, &template)?;
        references::check(name, &template)?;
        check_names(name, "`--parameter`", &given.new, &[&template])?;
        check_defaults(name, &template, &given.new)?;
        if let (Some(old), Some(file)) = (&deployed, input.deployed) {
            check_names(file.name, "`--deployed-parameter`", &given.old, &[old])?;
        }
        Ok(Self {
            template,
            deployed,
            given,
            tree,
        })
    }

    /// Where what has this address is written.
    pub(crate) fn source(&self, file: &str, address: &str) -> Option<Source> {
        let root = WrittenIn {
            labels: ["", ""],
            file,
            new: Some(&self.template),
            old: self.deployed.as_ref(),
        };
        source(
            address,
            core::iter::once(root).chain(self.tree.written_in()),
        )
    }

    /// The run that the template is, with what else is to be said of it.
    pub(crate) fn read(
        &self,
        input: &RunInput<'_>,
        accounts: &mut Accounts,
    ) -> Result<Planned, AccountError> {
        let outermost = Member {
            label: None,
            stack_name: None,
            place: only_place(input.file.name, accounts)?,
            file: input.file.name,
            template: &self.template,
            old: self.deployed.as_ref(),
            given: &self.given,
            nested: None,
            stays: false,
            after: Vec::new(),
        };
        judge_together(input, Vec::from([outermost]), &self.tree, accounts)
    }
}

/// The run of outermost stacks and of those that are nested in them.
fn judge_together(
    input: &RunInput<'_>,
    outermost: Vec<Member<'_>>,
    tree: &Tree,
    accounts: &mut Accounts,
) -> Result<Planned, AccountError> {
    let of_nested = OfNested::of(input);
    let places: Vec<Place> = outermost.iter().map(|member| member.place).collect();
    let place = |root: usize| places.get(root).copied().unwrap_or_default();
    let mut members: Vec<Member<'_>> = outermost;
    members.extend(Member::nested(tree, &of_nested, place));
    let may_be: Vec<_> = members.iter().map(Member::may_be).collect();
    let world = World {
        members: &members,
        assumed: &input.assumptions,
        may_be: &may_be,
    };
    let links = Links::of_both(&world);
    let mut stacks = world.stacks(tree, &of_nested, &links);
    order_by_imports(&mut stacks);
    if input.assumptions.is_empty() {
        world.check(&stacks)?;
    }
    let mut planned = run(&stacks, tree, accounts, input);
    // Without assumptions it is an error.
    planned.is_impossible |= !input.assumptions.is_empty() && world.fails_around(&stacks);
    Ok(planned)
}

/// Refuses a stack of which CloudFormation makes nothing, with the values that its parameters have.
fn check(file: &str, stack: &Stack<'_>) -> Result<(), AccountError> {
    rules::check(file, &stack.new.scope)?;
    references::check_left_out(file, &stack.new.scope)?;
    circles::check_resources(file, &stack.new.scope)?;
    functions::check(file, &stack.new.scope)?;
    retyped::check(file, stack)
}

impl Scope<'_> {
    /// Whether CloudFormation certainly refuses the template, with the values that its parameters have.
    fn is_refused(&self) -> bool {
        self.left_out().is_some() || self.circle().is_some() || self.has_wrong_call()
    }
}

/// Where a template runs: it does not say so itself.
fn only_place(name: &str, accounts: &Accounts) -> Result<Place, AccountError> {
    if let Some(fault) = accounts.not_covered() {
        return Err(AccountError::of_file(name, fault));
    }
    let place = accounts.settle(accounts.options.place());
    let fitting = accounts.iter().map(|(known, _)| known);
    let fitting: Vec<String> = fitting
        .filter(|known| !known.is_apart(&place))
        .map(ToString::to_string)
        .collect();
    if place.scope().is_some() || fitting.len() < 2 {
        return Ok(place);
    }
    let words = alloc::format!(
        "a template does not say where it runs, and the account files tell of {}: choose one with `--region` or `--account-id`",
        fitting.join(", ")
    );
    Err(AccountError::of_file(name, Fault::Json(words)))
}

const SECOND_DOCUMENT: &str = "a second document begins here, and a template is one document: give each of them in a file of its own";

/// The line on which a second document of a text begins that has several.
fn second_document(json: &str) -> Option<usize> {
    let mut documents =
        serde_json::Deserializer::from_str(json).into_iter::<serde::de::IgnoredAny>();
    documents.next()?.ok()?;
    let rest = json.get(documents.byte_offset()..)?;
    documents.next()?.ok()?;
    let begins = json.len().saturating_sub(rest.trim_start().len());
    let before = json.get(..begins)?;
    Some(before.matches('\n').count().saturating_add(1))
}

fn parse(name: &str, json: &str) -> Result<Template, AccountError> {
    let mut template = Template::parse(json).map_err(|error| match second_document(json) {
        Some(line) => AccountError {
            line: Some(line),
            ..AccountError::of_file(name, Fault::Json(SECOND_DOCUMENT.into()))
        },
        None => locate::json_from(name, 1, &error),
    })?;
    template.lines = repeated::check(name, json)?;
    template.write_out_loops(&Lists::new());
    Ok(template)
}

/// A template as it was written, or as `aws cloudformation get-template` prints it.
fn parse_body(file: File<'_>, json: &str) -> Result<Template, AccountError> {
    let mut template = parse(file.name, json)?;
    match template.take_body() {
        Some(Value::String(body)) => {
            template = parse_within(file.name, &body)?;
            template.lines.clear();
        }
        Some(body) => {
            template.root = body;
            template.write_out_loops(&Lists::new());
        }
        None => {}
    }
    if let Some((entry, words)) = template.misshapen() {
        return Err(AccountError {
            entry: Some(entry),
            ..AccountError::of_file(file.name, Fault::Json(words.into()))
        });
    }
    circles::check_conditions(file.name, &template)?;
    scalars::check(file, &template)?;
    Ok(template)
}

/// A template that stands in a text of a file.
fn parse_within(name: &str, text: &str) -> Result<Template, AccountError> {
    let bytes = text.as_bytes();
    let json = text::json(File { name, bytes });
    json.and_then(|json| parse(name, &json))
        .map_err(|mut error| {
            // Its lines are none of the file.
            if let Some(line) = error.line.take() {
                let entry = error
                    .entry
                    .map_or_else(String::new, |it| alloc::format!(": {it}"));
                error.entry = Some(alloc::format!(
                    "line {line} of the template in `TemplateBody`{entry}"
                ));
            }
            error
        })
}

/// The template that runs: as it was written, or as `aws cloudformation get-template` prints it,
/// whole or its `TemplateBody` alone.
fn parse_deployed(file: File<'_>) -> Result<Template, AccountError> {
    read_deployed(file).map_err(|error| {
        // What the file is says more than that it lacks what a template has.
        match recognise(file.bytes).mistaken_for(&[Kind::CloudFormation]) {
            Some(mistaken) => AccountError::of_file(file.name, Fault::Mistaken(mistaken)),
            None => error,
        }
    })
}

fn read_deployed(file: File<'_>) -> Result<Template, AccountError> {
    let json = text::json(file)?;
    if let Ok(body) = serde_json::from_str::<String>(&json) {
        let mut template = parse_within(file.name, &body)?;
        template.lines.clear();
        return Ok(template);
    }
    let template = parse_body(file, &json)?;
    if template.root.get("Resources").is_none() {
        let words = "this is not the template of a running stack, as it has no `Resources`: give the template, or what \
                     `aws cloudformation get-template` prints";
        return Err(AccountError::of_file(file.name, Fault::Json(words.into())));
    }
    Ok(template)
}

/// What of a stack is not judged (rule F8), each with the resource that it is told of.
fn not_judged(stacks: &[Stack<'_>], stack: &Stack<'_>, tree: &Tree) -> Vec<Advice> {
    let of_new = left_out(stack.new.scope.template);
    let is_of_new = |id: Option<&str>| of_new.iter().any(|(told, _)| *told == id);
    let old = stack.old.as_ref().map(|old| old.scope.template);
    let mut of_old = old.map(left_out_of_running).unwrap_or_default();
    of_old.retain(|(id, _)| !is_of_new(*id));
    let of_nested = tree.words_of(stack.number);
    let of_nested = of_nested.filter(|(logical_id, _)| stack.may_have(logical_id));
    let of_nested = of_nested.map(|(logical_id, words)| (Some(logical_id), words));
    let of_properties = shapes::unknown_properties(&stack.new);
    let of_properties = of_properties.map(|(logical_id, words)| (Some(logical_id), words));
    let all = of_new.iter().cloned().chain(of_nested).chain(of_old);
    let all = all.chain(of_properties);
    let advice = |(logical_id, words): (Option<&str>, Box<str>)| match logical_id {
        Some(id) => {
            let has =
                |it: &stack::Resources<'_>| it.scope.template.entry("Resources", id).is_some();
            Advice::about(&stack.address(stacks, id, has), AdviceRule::F8, words)
        }
        None => Advice::new(AdviceRule::F8, words),
    };
    all.map(advice).collect()
}

/// The run of stacks, with what else is to be said of it.
fn run(
    stacks: &[Stack<'_>],
    tree: &Tree,
    accounts: &mut Accounts,
    input: &RunInput<'_>,
) -> Planned {
    let mut advice = Vec::new();
    let mut of_conditions = Vec::new();
    for stack in stacks {
        advice.extend(not_judged(stacks, stack, tree));
        for rule in stack.new.scope.open_rules() {
            let words = alloc::format!(
                "it is not known whether the rule `{rule}` of the template allows the values of its parameters; it is \
                 assumed to: give the parameters that it uses with `--parameter NAME=VALUE`"
            );
            advice.push(Advice::new(AdviceRule::F8, words));
        }
        for condition in &stack.new.unknown_conditions {
            let words = alloc::format!(
                "it is not known whether the condition `{condition}` holds; it is assumed to: give the parameters that it \
                 uses with `--parameter NAME=VALUE`"
            );
            of_conditions.push(Advice::new(AdviceRule::F8, words));
        }
    }
    advice.extend(of_conditions.iter().cloned());
    let (steps, of_steps, called) = steps(stacks, accounts);
    advice.extend(of_steps);
    for stack in stacks {
        advice.extend(arguments::advice(stack, accounts));
    }
    let run = Run::partial(steps, input.at);
    let mut of_moves = moves::advice(&run, accounts);
    for one in &mut of_moves {
        for (key_id, stands_for) in &called {
            let shown = alloc::format!("{key_id}");
            if one.words.contains(&shown) {
                let words: Box<str> = one.words.replace(&shown, stands_for).into();
                one.words = words;
            }
        }
    }
    advice.extend(of_moves);
    Planned {
        covers: covering(stacks, &run, of_conditions),
        run,
        advice,
        open: stacks.iter().find_map(Stack::open),
        unset: unset(stacks),
        is_impossible: stacks.iter().any(Stack::is_impossible),
        called,
    }
}
