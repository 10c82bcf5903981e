//! The aliases of a module, and the Regions of its providers.

use std::collections::{HashMap, HashSet};

use super::evaluate::{Each, Resolved, Scope};
use super::expression::{Block, Expression};
use super::{conversion, deciding, loops, policies};
use crate::format::{Sink, takes_a_key};
use crate::names::NameRole;

/// What an attribute holds.
#[derive(Clone, Copy)]
enum Meaning {
    Name(NameRole),
    Target,
    /// A key that no alias can name.
    Key,
}

/// An attribute and what it holds.
type Attribute = (&'static str, Meaning);

/// The attributes that hold names and targets: kind of block, type, attributes.
const ATTRIBUTES: &[(&str, &str, &[Attribute])] = &[
    (
        "resource",
        "aws_kms_alias",
        &[
            ("name", Meaning::Name(NameRole::New)),
            ("name_prefix", Meaning::Name(NameRole::NewPrefix)),
            ("target_key_id", Meaning::Target),
        ],
    ),
    (
        "resource",
        "awscc_kms_alias",
        &[
            ("alias_name", Meaning::Name(NameRole::New)),
            ("target_key_id", Meaning::Target),
        ],
    ),
    ("resource", "aws_kms_grant", &[("key_id", Meaning::Key)]),
    (
        "resource",
        "aws_kms_key_policy",
        &[("key_id", Meaning::Key)],
    ),
    ("resource", "aws_kms_replica_key", PRIMARY_KEY),
    ("resource", "aws_kms_replica_external_key", PRIMARY_KEY),
    (
        "data",
        "aws_kms_alias",
        &[("name", Meaning::Name(NameRole::Any))],
    ),
];

const PRIMARY_KEY: &[Attribute] = &[("primary_key_arn", Meaning::Key)];

/// Checks the blocks of all files of a module.
///
/// Some variables are set by all who call the module.
pub(crate) fn lint(mut blocks: Vec<Block>, overridden: &HashSet<String>, sink: &mut Sink) {
    deciding::tell(&mut blocks);
    conversion::convert(&mut blocks);
    loops::write_out(&mut blocks, overridden);
    let blocks = &blocks[..];
    let scope = Scope::new(blocks, overridden);
    let regions = regions(blocks);
    for block in blocks {
        let scope = &scope.without(&block.tested);
        let known = ATTRIBUTES.iter().find(|(kind, resource_type, _)| {
            block.kind == *kind && block.label(0) == *resource_type
        });
        let Some((_, _, attributes)) = known else {
            if ["resource", "data", "module"].contains(&&*block.kind) {
                for each in rounds(scope, block) {
                    key_identifiers(scope, block, each.as_ref(), sink);
                }
            }
            continue;
        };
        let region = region(block, &regions);
        for (name, meaning) in *attributes {
            if let Some(value) = block.attribute(name) {
                for each in rounds(scope, block) {
                    judge(scope, value, each.as_ref(), *meaning, region, sink);
                }
            }
        }
    }
    policies::lint(blocks, &scope, sink);
}

/// Checks what names a key for another service, in a block and in those within it.
fn key_identifiers<'a>(
    scope: &Scope<'a>,
    block: &'a Block,
    each: Option<&Each<'a>>,
    sink: &mut Sink,
) {
    for (name, value) in &block.attributes {
        if takes_a_key(name) {
            for resolved in scope.resolve(value, each) {
                if let Resolved::Text(text) = resolved {
                    sink.key_identifier(&text);
                }
            }
        }
    }
    for inner in &block.blocks {
        key_identifiers(scope, inner, each, sink);
    }
}

/// The rounds of a block; one without `each` where there is no `for_each` or `count`, or it is not known.
fn rounds<'a>(scope: &Scope<'a>, block: &'a Block) -> Vec<Option<Each<'a>>> {
    let rounds = block
        .attribute("for_each")
        .and_then(|value| scope.rounds(value));
    let counts = || scope.counts(block.attribute("count")?);
    let rounds = rounds.or_else(counts);
    rounds.map_or_else(
        || vec![None],
        |rounds| rounds.into_iter().map(Some).collect(),
    )
}

fn judge<'a>(
    scope: &Scope<'a>,
    value: &'a Expression,
    each: Option<&Each<'a>>,
    meaning: Meaning,
    region: Option<&str>,
    sink: &mut Sink,
) {
    for resolved in scope.resolve(value, each) {
        match (resolved, meaning) {
            (Resolved::Text(text), Meaning::Name(role)) => sink.name(&text, role),
            (Resolved::Text(text), Meaning::Target) => sink.target(&text, region),
            (Resolved::Alias(reference, at), Meaning::Target) => {
                sink.alias_as_target(&reference, at);
            }
            (Resolved::Alias(reference, at), Meaning::Name(role)) => {
                if let Some(text) = policies::alias(&reference, at) {
                    sink.name(&text, role);
                }
            }
            (Resolved::Text(text), Meaning::Key) => sink.key_alone(&text),
            (Resolved::Alias(reference, at), Meaning::Key) => sink.alias_as_key(&reference, at),
        }
    }
}

/// The Region of each provider that has a literal one, by `aws` or `aws.ALIAS`; none where blocks
/// differ or the Region is not literal.
fn regions(blocks: &[Block]) -> HashMap<String, Option<&str>> {
    let mut regions: HashMap<String, Option<&str>> = HashMap::new();
    for block in blocks.iter().filter(|block| block.kind == "provider") {
        let name = match block.attribute("alias").map(Expression::literal) {
            None => block.label(0).to_owned(),
            Some(Some(alias)) => format!("{}.{alias}", block.label(0)),
            Some(None) => continue,
        };
        let region = block.attribute("region").and_then(Expression::literal);
        let known = regions.entry(name).or_insert(region);
        if *known != region {
            *known = None;
        }
    }
    regions
}

/// The Region of a resource, where it is certain.
fn region<'a>(block: &'a Block, regions: &HashMap<String, Option<&'a str>>) -> Option<&'a str> {
    if let Some(own) = block.attribute("region") {
        return own.literal();
    }
    let name = match block.attribute("provider") {
        Some(provider) => match provider.literal() {
            Some(text) => text.to_owned(),
            None => provider.reference()?.join("."),
        },
        None => block.label(0).split('_').next()?.to_owned(),
    };
    regions.get(&name).copied().flatten()
}
