//! How many calls one caller has at a time: whoever takes more than that takes them from others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{Caller, Error, common::Common};

/// Calls of one person at a time in this process, streams among them. A nurse's phone has a handful, a program that sends for a
/// whole hospital some dozens; it is as many as one connection may have.
pub const CALLS_OF_ONE: usize = 256;

/// Who has how many calls.
#[derive(Clone, Default)]
pub(super) struct Crowd(Arc<Mutex<HashMap<String, usize>>>);

/// A call that counts for as long as this is held.
pub(super) struct Place {
    crowd: Crowd,
    person: String,
}

impl Crowd {
    /// A place for one more call. Services are not counted: what they do for people counts with the people.
    pub(super) fn enter(&self, caller: &Caller) -> Result<Option<Place>, Error> {
        if caller.works_for_others() {
            return Ok(None);
        }
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = calls.entry(caller.person.clone()).or_default();
        if *count >= CALLS_OF_ONE {
            return Err(Common::Overloaded.into());
        }
        *count += 1;
        Ok(Some(Place { crowd: self.clone(), person: caller.person.clone() }))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut calls = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = calls.get_mut(&self.person) {
            *count -= 1;
            if *count == 0 {
                calls.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> Caller {
        Caller { person: name.to_owned(), role: "nurse".to_owned(), ..Caller::default() }
    }

    #[test]
    fn who_has_too_many_calls_waits_and_nobody_else_does() {
        let crowd = Crowd::default();
        let mut places: Vec<_> = (0..CALLS_OF_ONE).map(|_| crowd.enter(&person("one")).unwrap()).collect();
        assert_eq!(crowd.enter(&person("one")).err().unwrap().reason(), "OVERLOADED");
        assert!(crowd.enter(&person("other")).is_ok());
        let passed_on = Caller { via: "wound".to_owned(), ..person("one") };
        assert!(crowd.enter(&passed_on).unwrap().is_none());
        places.pop();
        assert!(crowd.enter(&person("one")).is_ok());
        drop(places);
        assert!(crowd.0.lock().unwrap().is_empty(), "who has no calls is not remembered");
    }
}
