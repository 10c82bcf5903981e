//! The reader of HCL.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::ops::Range;

use hcl_edit::Span;
use hcl_edit::expr::{Expression as Hcl, ForExpr, ObjectKey, TraversalOperator};
use hcl_edit::structure::{BlockLabel, Structure};
use hcl_edit::template::{Directive, Element, HeredocTemplate, Template};

use super::expression::{
    Block, EXPANDED, Entry, Expression, For, Kind, Piece, VARIABLES, plain, variables_in,
};
use super::{large_objects, repeated_keys};
use crate::format::embedded::document_in;
use crate::json::Fault;
use crate::text::Text;
use crate::tree::Node;
use crate::written::{Writing, exact, may_hold_a_policy, push_exact};

/// Reads a file; its places count from a base.
pub(crate) fn read(text: &str, base: usize) -> Result<Vec<Block>, Fault> {
    Ok(root(text, base)?.blocks)
}

fn root(text: &str, base: usize) -> Result<Block, Fault> {
    let (body, repeated) = repeated_keys::parse(text)?;
    let reader = Reader {
        text,
        base,
        repeated,
    };
    // Each part of what the parser read is given up once it is read here.
    Ok(reader.body(body, String::new(), Vec::new(), 0..text.len()))
}

/// Reads a file of values of variables.
pub(crate) fn read_variables(text: &str, base: usize, name: &str) -> Result<Vec<Block>, Fault> {
    let root = root(text, base)?;
    Ok(vec![Block {
        kind: VARIABLES.to_owned(),
        labels: vec![name.to_owned()],
        ..root
    }])
}

/// Reads a template that stands in a text of JSON; all of it has one place.
pub(super) fn template(text: &str, at: &Range<usize>) -> Expression {
    let is_read = large_objects::first_in_template(text).is_none();
    let read = is_read.then(|| hcl_edit::parser::parse_template(text));
    let kind = match read {
        Some(Ok(template)) => {
            let reader = Reader {
                text: "",
                base: 0,
                repeated: HashMap::new(),
            };
            let mut pieces = reader.pieces(&template);
            for piece in &mut pieces {
                if let Piece::Value(value) = piece {
                    moved(value, at);
                }
            }
            Kind::Template(pieces)
        }
        _ => Kind::Unknown,
    };
    Expression::new(kind, at.clone())
}

/// Gives an expression, and all within it, one place.
fn moved(expression: &mut Expression, at: &Range<usize>) {
    expression.at = at.clone();
    if let Kind::Object(entries) = &mut expression.kind {
        for entry in entries {
            entry.name_at = at.clone();
        }
    }
    expression.parts_mut().for_each(|part| moved(part, at));
}

/// The parser bounds the depth, so that recursion over what it read is bounded.
struct Reader<'a> {
    text: &'a str,
    base: usize,
    /// The keys that their object has already, by the byte at which each begins.
    repeated: HashMap<usize, String>,
}

impl Reader<'_> {
    fn at(&self, span: Option<Range<usize>>) -> Range<usize> {
        let span = span.unwrap_or_default();
        self.base.saturating_add(span.start)..self.base.saturating_add(span.end)
    }

    /// The byte of the file at which a range begins.
    const fn of_file(&self, at: &Range<usize>) -> usize {
        at.start.saturating_sub(self.base)
    }

    /// The place of a quoted text, without the quotes.
    fn within_quotes(&self, span: Option<Range<usize>>) -> Range<usize> {
        let span = self.at(span);
        let start = span.start.saturating_add(1).min(span.end);
        start..span.end.saturating_sub(1).max(start)
    }

    fn body(
        &self,
        body: impl IntoIterator<Item = impl Borrow<Structure>>,
        kind: String,
        labels: Vec<String>,
        at: Range<usize>,
    ) -> Block {
        let mut block = Block {
            at,
            kind,
            labels,
            attributes: Vec::new(),
            tested: Vec::new(),
            blocks: Vec::new(),
        };
        for structure in body {
            match structure.borrow() {
                Structure::Attribute(attribute) => {
                    if attribute.key.as_str() == "count" {
                        let span = attribute.value.span().unwrap_or_default();
                        block.tested = variables_in(self.text.get(span).unwrap_or_default());
                    }
                    let value = self.expression(&attribute.value);
                    block.attributes.push((attribute.key.to_string(), value));
                }
                Structure::Block(inner) => {
                    let labels = inner.labels.iter().map(|label| match label {
                        BlockLabel::Ident(name) => name.to_string(),
                        BlockLabel::String(text) => text.as_str().to_owned(),
                    });
                    let kind = inner.ident.to_string();
                    let at = self.at(inner.span());
                    block
                        .blocks
                        .push(self.body(&inner.body, kind, labels.collect(), at));
                }
            }
        }
        block
    }

    fn expression(&self, expression: &Hcl) -> Expression {
        let at = self.at(expression.span());
        match expression {
            Hcl::String(text) => {
                let piece = Piece::Literal(text.as_str().to_owned());
                let at = self.within_quotes(expression.span());
                let within = shifted_back(&at, self.base);
                let written = may_hold_a_policy(text.as_str())
                    .then(|| exact(text.as_str(), self.text, within, Writing::EscapedInHcl))
                    .flatten();
                let document = written.and_then(|text| self.policy(&text));
                Expression::new(template_or(document, vec![piece]), at)
            }
            Hcl::StringTemplate(template) => {
                let at = self.within_quotes(expression.span());
                let document = self.document(template, Writing::EscapedInHcl);
                Expression::new(template_or(document, self.pieces(template)), at)
            }
            Hcl::HeredocTemplate(heredoc) => self.heredoc(heredoc, at),
            Hcl::Parenthesis(inner) => self.expression(inner.inner()),
            other => Expression::new(self.kind(other), at),
        }
    }

    fn kind(&self, expression: &Hcl) -> Kind {
        match expression {
            Hcl::Null(_) => Kind::Plain("null".to_owned()),
            Hcl::Bool(value) => Kind::Plain(value.value().to_string()),
            Hcl::Number(number) => Kind::Plain(plain(&number.value().to_string())),
            Hcl::Array(items) => {
                Kind::List(items.iter().map(|item| self.expression(item)).collect())
            }
            Hcl::Object(object) => {
                let mut entries: Vec<Entry> = Vec::new();
                for (key, value) in object {
                    let entry = self.entry(key, value.expr());
                    if self.repeated.contains_key(&self.of_file(&entry.name_at)) {
                        entries.retain(|earlier| earlier.name != entry.name);
                    }
                    entries.push(entry);
                }
                Kind::Object(entries)
            }
            Hcl::Variable(name) => Kind::Reference(vec![name.as_str().to_owned()]),
            Hcl::Traversal(traversal) => reference(
                &traversal.expr,
                traversal.operators.iter().map(|own| own.value()),
            ),
            Hcl::Conditional(own) => {
                let parts = [&own.cond_expr, &own.true_expr, &own.false_expr];
                Kind::Conditional(Box::new(parts.map(|part| self.expression(part))))
            }
            Hcl::UnaryOp(own) if own.operator.as_str() == "!" => {
                Kind::Call("!".to_owned(), vec![self.expression(&own.expr)])
            }
            Hcl::BinaryOp(own) if is_of_truth(own.operator.as_str()) => {
                let sides = [&own.lhs_expr, &own.rhs_expr];
                let sides = sides.map(|side| self.expression(side));
                Kind::Call(own.operator.as_str().to_owned(), sides.into())
            }
            Hcl::ForExpr(own) => Kind::For(Box::new(self.loop_over(own))),
            Hcl::FuncCall(call) => {
                let arguments = call.args.iter().map(|argument| self.expression(argument));
                let arguments: Vec<_> = arguments.collect();
                match (call.name.name.as_str(), call.args.expand_final()) {
                    (name, false) => Kind::Call(name.to_owned(), arguments),
                    (name @ ("concat" | "merge" | "setproduct"), true) => {
                        Kind::Call(format!("{name}{EXPANDED}"), arguments)
                    }
                    _ => Kind::Unknown,
                }
            }
            _ => Kind::Unknown,
        }
    }

    fn loop_over(&self, own: &ForExpr) -> For {
        let key_variable = own.intro.key_var.as_ref();
        For {
            key_variable: key_variable.map(|name| name.as_str().to_owned()),
            variable: own.intro.value_var.as_str().to_owned(),
            collection: self.expression(&own.intro.collection_expr),
            key: own.key_expr.as_ref().map(|key| self.expression(key)),
            value: self.expression(&own.value_expr),
            filter: own.cond.as_ref().map(|cond| self.expression(&cond.expr)),
            is_grouping: own.grouping,
        }
    }

    fn entry(&self, key: &ObjectKey, value: &Hcl) -> Entry {
        let (name, name_at, key) = match key {
            ObjectKey::Ident(name) => (Some(name.as_str().to_owned()), self.at(name.span()), None),
            ObjectKey::Expression(expression) => {
                let key = self.expression(expression);
                (key.literal().map(str::to_owned), key.at.clone(), Some(key))
            }
        };
        let repeated = self.repeated.get(&self.of_file(&name_at)).cloned();
        let name = repeated.or(name);
        Entry {
            key: key.filter(|_| name.is_none()),
            name,
            name_at,
            value: self.expression(value),
        }
    }

    fn pieces(&self, template: &Template) -> Vec<Piece> {
        let piece = |element: &Element| match element {
            Element::Literal(text) => Piece::Literal(text.as_str().to_owned()),
            Element::Interpolation(inner) => Piece::Value(self.expression(&inner.expr)),
            Element::Directive(_) => Piece::Unknown,
        };
        template.iter().map(piece).collect()
    }

    /// The content of a heredoc begins on the line below, behind the indent that is taken away.
    fn heredoc(&self, heredoc: &HeredocTemplate, at: Range<usize>) -> Expression {
        let pieces = self.pieces(&heredoc.template);
        let first = heredoc.template.iter().next().and_then(Span::span);
        let last = heredoc.template.iter().last().and_then(Span::span);
        let (Some(first), Some(last)) = (first, last) else {
            let below = self.text.get(at.start.saturating_sub(self.base)..);
            let line = below.and_then(|text| text.find('\n')).unwrap_or_default();
            let start = at.start.saturating_add(line).saturating_add(1);
            return Expression::new(Kind::Template(pieces), start..start);
        };
        let indent = heredoc.indent().unwrap_or_default();
        let content = self.at(Some(first.start.saturating_add(indent)..last.end));
        let document = self.document(&heredoc.template, Writing::Heredoc);
        Expression::new(template_or(document, pieces), content)
    }

    /// The policy that a template holds as JSON, if it does: with the statements that directives have in them
    /// where it is JSON with these too.
    fn document(&self, template: &Template, writing: Writing) -> Option<Node> {
        let of = |directives| {
            let mut text = Text::default();
            self.push(&mut text, template, writing, directives)?;
            self.policy(&text)
        };
        let mut elements = template.iter();
        let has_directives = elements.any(|own| matches!(own, Element::Directive(_)));
        let with_statements = has_directives.then(|| of(Directives::Statements));
        with_statements.flatten().or_else(|| of(Directives::Holes))
    }

    fn push(
        &self,
        text: &mut Text,
        template: &Template,
        writing: Writing,
        directives: Directives,
    ) -> Option<()> {
        for element in template.iter() {
            let at = element.span()?;
            match (element, directives) {
                (Element::Literal(literal), _) => {
                    push_exact(text, literal.as_str(), self.text, at, writing)?;
                }
                (Element::Directive(directive), Directives::Statements) => {
                    match statements_of(directive) {
                        Some(statements) => self.push(text, statements, writing, directives)?,
                        None => text.push_hole(at),
                    }
                }
                _ => text.push_hole(at),
            }
        }
        Some(())
    }

    fn policy(&self, text: &Text) -> Option<Node> {
        let mut node = document_in(text)?;
        node.shift(self.base);
        Some(node)
    }
}

/// What directives of a template, such as `%{ if }`, stand for in a document.
#[derive(Clone, Copy)]
enum Directives {
    Holes,
    /// The statements of a policy that stand in them; a hole for all others.
    Statements,
}

/// What stands in a directive, in `if` where the condition holds, if it is whole statements.
fn statements_of(directive: &Directive) -> Option<&Template> {
    let inner = match directive {
        Directive::If(own) => &own.if_expr.template,
        Directive::For(own) => &own.for_expr.template,
    };
    let literals = inner.iter().filter_map(|element| match element {
        Element::Literal(literal) => Some(literal.as_str()),
        _ => None,
    });
    let text: String = literals.collect();
    let text = text.trim_matches(|character: char| character == ',' || character.is_whitespace());
    let are_statements = text.starts_with('{') && text.ends_with('}') && text.contains("\"Effect");
    are_statements.then_some(inner)
}

/// Whether an operator gives true or false.
fn is_of_truth(operator: &str) -> bool {
    ["==", "!=", "<", "<=", ">", ">=", "&&", "||"].contains(&operator)
}

/// A template, which may hold a document.
fn template_or(document: Option<Node>, pieces: Vec<Piece>) -> Kind {
    match document {
        Some(document) => Kind::Document(pieces, Box::new(document)),
        None => Kind::Template(pieces),
    }
}

/// A range, so many bytes before.
const fn shifted_back(at: &Range<usize>, by: usize) -> Range<usize> {
    at.start.saturating_sub(by)..at.end.saturating_sub(by)
}

/// An index as it is written: a text in quotes, a number, or a reference; `…` for all else.
fn index_of(index: &Hcl) -> String {
    let parts = match index {
        Hcl::String(text) => return format!("\"{}\"", text.as_str()),
        Hcl::Number(number) => return number.value().to_string(),
        Hcl::Variable(name) => return name.as_str().to_owned(),
        Hcl::Traversal(traversal) => {
            let operators = traversal.operators.iter().map(|own| own.value());
            reference(&traversal.expr, operators)
        }
        _ => Kind::Unknown,
    };
    match parts {
        Kind::Reference(parts) if parts.iter().all(|part| !part.starts_with('[')) => {
            parts.join(".")
        }
        _ => "…".to_owned(),
    }
}

fn reference<'a>(root: &Hcl, operators: impl Iterator<Item = &'a TraversalOperator>) -> Kind {
    let Hcl::Variable(name) = root else {
        return Kind::Unknown;
    };
    let mut parts = vec![name.as_str().to_owned()];
    parts.extend(operators.map(|operator| match operator {
        TraversalOperator::GetAttr(name) => name.as_str().to_owned(),
        TraversalOperator::Index(index) => format!("[{}]", index_of(index)),
        TraversalOperator::LegacyIndex(index) => format!("[{}]", index.value()),
        TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => "[*]".to_owned(),
    }));
    Kind::Reference(parts)
}
