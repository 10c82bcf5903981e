//! Templates that have themselves as a nested stack, by way of others or not.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::nested::Located;
use crate::fault::{AccountError, Fault};

/// Templates of which each has the next one as a nested stack, and the last one the first.
pub(super) struct Ring {
    /// Each file, with the logical ID of the nested stack whose template is the next file.
    links: Vec<(String, String)>,
    /// Whether each of these nested stacks is certainly made.
    is_certain: bool,
}

impl Ring {
    /// That which is closed where the template of a nested stack is the file of this name.
    pub(super) fn closed(located: &Located<'_>, logical_id: &str, name: &str) -> Option<Self> {
        let mut links = Vec::new();
        let mut is_closed = false;
        let mut is_certain = true;
        let mut at = Some((located, logical_id));
        while let Some((around, logical_id)) = at {
            is_certain &= is_certainly_made(around, logical_id);
            if !is_closed {
                links.push((around.name.into(), logical_id.into()));
                is_closed = super::nested::plain(around.name) == name;
            }
            at = around.within;
        }
        links.reverse();
        is_closed.then_some(Self { links, is_certain })
    }

    /// Why a nested stack is not judged that closes it; an error where CloudFormation could not end.
    pub(super) fn words(&self, located: &Located<'_>, id: &str) -> Result<String, AccountError> {
        let following = self.links.iter().cycle().skip(1);
        let links = self.links.iter().zip(following);
        let links = links.map(|((file, logical_id), (next, _))| {
            format!("the template of `{logical_id}` of {file} is {next}")
        });
        let links: Vec<String> = links.collect();
        let links = links.join(", ");
        if !self.is_certain {
            return Ok(format!(
                "`{id}` is a nested stack, which is not judged: templates are nested in a circle ({links}), which is not \
                 followed; check that of the nested stack by itself with the parameters that it gets"
            ));
        }
        let words = format!(
            "templates are nested in a circle: {links}: CloudFormation could never make all of these stacks; take one \
             of them out"
        );
        Err(AccountError {
            entry: Some(["Resources.", id].concat()),
            ..AccountError::of_file(located.file, Fault::Json(words))
        })
    }
}

/// Whether a nested stack is made, whatever the values of parameters are.
fn is_certainly_made(located: &Located<'_>, logical_id: &str) -> bool {
    let body = located.template.entry("Resources", logical_id);
    let has_condition = body.is_none_or(|body| body.get("Condition").is_some());
    !has_condition && located.template.is_as_written()
}
