//! A linter: alias names and their targets in Terraform files and CloudFormation templates.
//!
//! Embedding this crate in a tool that reads other people's files takes three steps: find the
//! texts, ask the types, turn a `ParseError`'s position into a place in the file. With no
//! arguments it runs on sample files.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::Element;
use kms_alias::{AliasName, AnyAliasName, ParseError, ReservedNames, TargetKeyId};
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, ScalarStyle, YamlData};

use crate::common::{Exit, Output, Unusable, printable};

/// Checks the KMS alias names, and the keys that they name, in Terraform files (.tf) and
/// CloudFormation templates (.yaml, .yml, .json, .template).
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// The files
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Let names that begin with `alias/aws` pass, if not with `alias/aws/`: AWS's newer rule
    #[arg(long)]
    lax: bool,
}

const AFTER_HELP: &str = "\
With no files it runs on samples that it carries.
Of a text with parts that only a run fills, such as ${var.environment}, the rest is checked.
Exit code: 0 if all is well, 1 if something is wrong, 2 if a file cannot be used.";

/// What a text is to be.
#[derive(Clone, Copy)]
enum Kind {
    /// The name of an alias that is made.
    NewAlias,
    /// What the name of an alias that is made begins with.
    NewAliasPrefix,
    /// The name of an alias that is looked up, a customer's or AWS's.
    AnyAlias,
    /// The key that an alias names.
    Target,
}

/// A text of a file, in pieces: what stands there, and holes that only a run fills.
struct Text {
    kind: Kind,
    pieces: Vec<Piece>,
}

/// A piece of a text.
enum Piece {
    /// What stands at a place of the file.
    Literal(String, Place),
    /// What is not known before a run.
    Hole,
}

/// A place in a file: line and column, from 1.
#[derive(Clone, Copy)]
struct Place {
    line: usize,
    column: usize,
}

/// What is wrong, and where.
struct Finding {
    place: Place,
    error: ParseError,
}

/// The verb `lint`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let reserved_names = if arguments.lax {
        ReservedNames::AliasAwsSlash
    } else {
        ReservedNames::AliasAws
    };
    let mut out = Output::for_people();
    let (mut checked, mut wrong) = (0, 0);
    for (name, content) in inputs(&arguments.files).map_err(Unusable)? {
        for text in texts(&name, &content).map_err(Unusable)? {
            checked += 1;
            if let Some(Finding { place, error }) = check(&text, reserved_names) {
                wrong += 1;
                let Place { line, column } = place;
                let (expected, rule) = (error.expected(), error.rule());
                let name = printable(&name);
                writeln!(
                    out,
                    "{name}:{line}:{column}: expected {expected} (rule {rule})"
                )?;
            }
        }
    }
    writeln!(out, "{checked} texts checked, {wrong} wrong.")?;
    Ok(out.finish(Exit::passes_if(wrong == 0)))
}

/// The files by name, or the samples.
fn inputs(paths: &[PathBuf]) -> Result<Vec<(String, String)>, String> {
    if paths.is_empty() {
        let terraform = include_str!("../data/lint/main.tf");
        let template = include_str!("../data/lint/template.yaml");
        let samples = [("main.tf", terraform), ("template.yaml", template)];
        return Ok(samples
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into());
    }
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(content) => Ok((name, content)),
            Err(error) => Err(format!("{name}: {error}")),
        }
    };
    paths.iter().map(read).collect()
}

/// The texts of a file that concern aliases.
fn texts(name: &str, content: &str) -> Result<Vec<Text>, String> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "tf" => terraform(content),
        // JSON is YAML too.
        "yaml" | "yml" | "json" | "template" => cloud_formation(content),
        _ => Err("neither Terraform nor a CloudFormation template, by its name".to_owned()),
    }
    .map_err(|reason| format!("{name}: {reason}"))
}

// What is asked of this crate.

/// What is put where a hole is, so that what stands around it can be checked.
const FILLING: &str = "x";

/// What is put where a hole is at the very beginning of an alias name, which may hold the prefix.
const FIRST_FILLING: &str = "alias/x";

/// What is wrong with a text, if it is so whatever a run fills its holes with.
fn check(text: &Text, reserved_names: ReservedNames) -> Option<Finding> {
    if text.kind.is_target() && text.has_holes() {
        return None;
    }
    let filled = text.filled();
    let error = match text.kind {
        Kind::NewAlias => AliasName::parse_with(&filled, reserved_names).err(),
        Kind::NewAliasPrefix => {
            AliasName::parse_with(&format!("{filled}{FILLING}"), reserved_names).err()
        }
        Kind::AnyAlias => filled.parse::<AnyAliasName>().err(),
        Kind::Target => filled.parse::<TargetKeyId>().err(),
    }?;
    let place = text.place(error.position())?;
    Some(Finding { place, error })
}

impl Kind {
    const fn is_target(self) -> bool {
        matches!(self, Self::Target)
    }
}

impl Text {
    fn has_holes(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Hole))
    }

    /// The text with something harmless in its holes.
    fn filled(&self) -> String {
        (0..self.pieces.len())
            .map(|index| self.filling(index))
            .collect()
    }

    fn filling(&self, index: usize) -> &str {
        match &self.pieces[index] {
            Piece::Literal(text, _) => text,
            Piece::Hole if index == 0 => FIRST_FILLING,
            Piece::Hole => FILLING,
        }
    }

    /// The place of a byte of the filled text; none if it is in a hole.
    fn place(&self, position: usize) -> Option<Place> {
        let (mut begins, mut last) = (0, None);
        for (index, piece) in self.pieces.iter().enumerate() {
            let ends = begins + self.filling(index).len();
            last = match piece {
                Piece::Literal(_, place) => Some(Place {
                    column: place.column + position.saturating_sub(begins),
                    ..*place
                }),
                Piece::Hole => None,
            };
            if position < ends {
                return last;
            }
            begins = ends;
        }
        // The text ends too early.
        last
    }
}

// Terraform.

fn terraform(content: &str) -> Result<Vec<Text>, String> {
    let body: Body = hcl_edit::parser::parse_body(content).map_err(|error| {
        let location = error.location();
        format!(
            "{}:{}: {}",
            location.line(),
            location.column(),
            error.message()
        )
    })?;
    let mut texts = Vec::new();
    for block in body.blocks() {
        let attributes: &[(&str, Kind)] = match (block.ident.as_str(), resource_type(block)) {
            ("resource", Some("aws_kms_alias")) => &[
                ("name", Kind::NewAlias),
                ("name_prefix", Kind::NewAliasPrefix),
                ("target_key_id", Kind::Target),
            ],
            ("data", Some("aws_kms_alias")) => &[("name", Kind::AnyAlias)],
            _ => &[],
        };
        for (name, kind) in attributes {
            let attribute = block.body.get_attribute(name);
            texts.extend(attribute.and_then(|attribute| {
                let pieces = expression(content, &attribute.value)?;
                Some(Text {
                    kind: *kind,
                    pieces,
                })
            }));
        }
    }
    Ok(texts)
}

fn resource_type(block: &Block) -> Option<&str> {
    block.labels.first().map(|label| label.as_str())
}

/// The pieces of a text; none for anything else, such as a reference.
fn expression(content: &str, value: &Expression) -> Option<Vec<Piece>> {
    match value {
        Expression::String(text) => {
            let quote = 1;
            let place = at(content, value.span(), quote)?;
            Some(vec![Piece::Literal(text.to_string(), place)])
        }
        Expression::StringTemplate(template) => {
            let piece = |element: &Element| match element {
                Element::Literal(text) => Some(Piece::Literal(
                    text.to_string(),
                    at(content, text.span(), 0)?,
                )),
                Element::Interpolation(_) | Element::Directive(_) => Some(Piece::Hole),
            };
            template.iter().map(piece).collect()
        }
        _ => None,
    }
}

/// Line and column of where a range begins, so many characters later.
fn at(content: &str, span: Option<Range<usize>>, skip: usize) -> Option<Place> {
    let before = content.get(..span?.start)?;
    let line = before.matches('\n').count() + 1;
    let in_line = before.rsplit('\n').next().unwrap_or(before);
    Some(Place {
        line,
        column: in_line.chars().count() + 1 + skip,
    })
}

// CloudFormation.

fn cloud_formation(content: &str) -> Result<Vec<Text>, String> {
    let documents = MarkedYaml::load_from_str(content).map_err(|error| error.to_string())?;
    let mut texts = Vec::new();
    for document in &documents {
        let resources = member(document, "Resources").ok_or("there are no `Resources`")?;
        for (_, resource) in resources.data.as_mapping().into_iter().flatten() {
            if member(resource, "Type").and_then(scalar) != Some("AWS::KMS::Alias") {
                continue;
            }
            let properties = member(resource, "Properties");
            for (name, kind) in [("AliasName", Kind::NewAlias), ("TargetKeyId", Kind::Target)] {
                let value = properties.and_then(|properties| member(properties, name));
                texts.extend(value.and_then(|value| {
                    let pieces = value_of(content, value)?;
                    Some(Text { kind, pieces })
                }));
            }
        }
    }
    Ok(texts)
}

fn member<'a, 'input>(node: &'a MarkedYaml<'input>, name: &str) -> Option<&'a MarkedYaml<'input>> {
    let mapping = node.data.as_mapping()?;
    let mut members = mapping.iter();
    members.find_map(|(key, value)| (scalar(key) == Some(name)).then_some(value))
}

fn scalar<'a>(node: &'a MarkedYaml<'_>) -> Option<&'a str> {
    match &node.data {
        YamlData::Value(Scalar::String(text)) => Some(text),
        YamlData::Representation(text, ScalarStyle::Plain, None) => Some(text),
        _ => None,
    }
}

/// The pieces of a text, or of a substitution; none for anything else, such as a reference.
fn value_of(content: &str, node: &MarkedYaml<'_>) -> Option<Vec<Piece>> {
    if let Some(text) = scalar(node) {
        // Outside of a substitution nothing is filled in.
        return Some(vec![Piece::Literal(
            text.to_owned(),
            place_of(content, node),
        )]);
    }
    let template = match &node.data {
        YamlData::Tagged(tag, inner) if tag.suffix == "Sub" => match scalar(inner) {
            // The node that is tagged has the place, tag and all.
            Some(text) => return Some(substitution(text, place_of(content, node))),
            None => inner,
        },
        _ => member(node, "Fn::Sub")?,
    };
    // A substitution may bring values of its own, after its text.
    let template = match template.data.as_sequence() {
        Some(text_and_values) => text_and_values.first()?,
        None => template,
    };
    Some(substitution(scalar(template)?, place_of(content, template)))
}

/// The pieces of the text of a substitution: `${Name}` is a hole.
fn substitution(text: &str, place: Place) -> Vec<Piece> {
    let (mut pieces, mut rest, mut column) = (Vec::new(), text, place.column);
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Literal(before.to_owned(), Place { column, ..place }));
        }
        pieces.push(Piece::Hole);
        column += before.chars().count() + name.chars().count() + "${}".len();
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned(), Place { column, ..place }));
    }
    pieces
}

/// Where the text of a node begins: after its tag and its quote, if it has them.
fn place_of(content: &str, node: &MarkedYaml<'_>) -> Place {
    let start = node.span.start;
    let (mut line, mut column) = (start.line(), start.col() + 1);
    let mut in_tag = false;
    for character in content.chars().skip(start.index()) {
        match character {
            '!' => in_tag = true,
            '\n' => (line, column, in_tag) = (line + 1, 0, false),
            ' ' | '\t' => in_tag = false,
            _ if in_tag => {}
            '"' | '\'' => {
                column += 1;
                break;
            }
            _ => break,
        }
        column += 1;
    }
    Place { line, column }
}
