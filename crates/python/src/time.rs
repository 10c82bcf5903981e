//! Moments: Python's and the clock's.

use std::time::{SystemTime, UNIX_EPOCH};

use kms_alias::Timestamp;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

/// A moment: a `datetime` with a time zone, seconds since the Unix epoch, or now.
pub(crate) fn moment(value: Option<&Bound<'_, PyAny>>) -> PyResult<Timestamp> {
    let Some(value) = value else {
        return Ok(now());
    };
    let is_number = value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>();
    let seconds: f64 = if is_number {
        value.extract()?
    } else {
        seconds_of(value)?
    };
    if !seconds.is_finite() {
        return Err(PyValueError::new_err(
            "a time is a finite number of seconds",
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is too large saturates"
    )]
    Ok(Timestamp::from_millis((seconds * 1000.0).round() as i64))
}

/// The seconds of a `datetime`, which has to say its time zone: a test that runs elsewhere would
/// mean another moment.
fn seconds_of(value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let wrong = || PyTypeError::new_err("a time is a datetime or a number of seconds");
    let timestamp = value.getattr("timestamp").map_err(|_| wrong())?;
    let zone = value.getattr("tzinfo").map_err(|_| wrong())?;
    if zone.is_none() {
        return Err(PyValueError::new_err(
            "the datetime has no time zone: use datetime.now(timezone.utc)",
        ));
    }
    timestamp.call0()?.extract()
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let millis = since.map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}
