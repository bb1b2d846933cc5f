//! Ids, tokens and codes, from one secure source, so that tests can seed it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use homeroom_api::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

/// A cryptographically secure generator, seeded by the operating system (or by a test).
#[derive(Clone)]
pub struct Random(Arc<Mutex<State>>);

struct State {
    generator: StdRng,
    /// The last id's milliseconds and random part.
    last: (i64, u64),
}

const ID_RANDOM_BITS: u32 = 48;
/// Without the letters and digits that look like others: 31, of almost 5 bits each.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

impl Random {
    #[expect(clippy::disallowed_methods, reason = "this is where randomness comes from")]
    pub fn system() -> Self {
        Self::from(StdRng::from_rng(&mut rand::rng()))
    }

    pub fn seeded(seed: u64) -> Self {
        Self::from(StdRng::seed_from_u64(seed))
    }

    fn from(generator: StdRng) -> Self {
        Self(Arc::new(Mutex::new(State { generator, last: (0, 0) })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new id: 48 bits of Unix milliseconds and 48 random bits as 24 hexadecimal digits. Ids grow: within one
    /// millisecond, and when the clock steps back, the random part of the last one counts up.
    pub fn id<T: From<String>>(&self, now: Timestamp) -> T {
        let mut state = self.state();
        let (millis, random) = state.last;
        state.last = if now.as_millis() > millis {
            (now.as_millis(), state.generator.random::<u64>() >> (64 - ID_RANDOM_BITS))
        } else if random + 1 < 1 << ID_RANDOM_BITS {
            (millis, random + 1)
        } else {
            (millis + 1, 0)
        };
        let (millis, random) = state.last;
        T::from(format!("{millis:012x}{random:012x}"))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.state().generator.fill_bytes(&mut bytes);
        bytes
    }

    /// A code for people to read and type.
    pub fn code(&self, length: usize) -> String {
        self.text(CODE_ALPHABET, length)
    }

    /// `length` characters, each drawn evenly from `alphabet` (ASCII).
    pub fn text(&self, alphabet: &[u8], length: usize) -> String {
        let mut state = self.state();
        (0..length).map(|_| char::from(alphabet[state.generator.random_range(0..alphabet.len())])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still_or_steps_back() {
        let random = Random::seeded(1);
        let times = [5, 5, 5, 3, 6, 6].map(Timestamp::from_millis);
        let ids: Vec<String> = times.into_iter().map(|now| random.id(now)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        assert!(ids.iter().all(|id| id.len() == 24));
    }
}
