//! Roles and their ranks.

use crate::words::words;

words! {
    /// What a user is in the organization. In rising rank: `user` (a student), `teacher`, `accountAdmin`, `admin`.
    Role {
        Admin = "admin",
        AccountAdmin = "accountAdmin",
        Teacher = "teacher",
        User = "user",
    }
}

impl Role {
    /// 0 for `user` to 3 for `admin`.
    pub const fn rank(self) -> u8 {
        match self {
            Self::User => 0,
            Self::Teacher => 1,
            Self::AccountAdmin => 2,
            Self::Admin => 3,
        }
    }
}
