"""Running a skill: what a run is, how it is kept, and who starts, resumes and ends it."""
