//! Terraform and OpenTofu: the files of one folder are one module.

mod attributes;
mod bind;
mod call;
mod calls;
mod collection;
mod condition;
mod conversion;
mod deciding;
mod documents;
mod evaluate;
mod expression;
mod functions;
mod hcl;
mod json;
mod large_objects;
mod loops;
mod module;
mod overrides;
mod policies;
mod repeated_keys;
mod rounds;
mod text_functions;
mod trail;

pub(crate) use calls::Calls;
pub(crate) use expression::Block;
pub(crate) use hcl::{read as read_hcl, read_variables as read_hcl_variables};
pub(crate) use json::{read as read_json, read_variables as read_json_variables};
pub(crate) use module::lint;
pub(crate) use overrides::{is_override, put_over};
