-- Ranks within units and prefectures come from the ladders in memory; every answer paid for these.

drop index contest_standing_unit;
drop index contest_standing_prefecture;
