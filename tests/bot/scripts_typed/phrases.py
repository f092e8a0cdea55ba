"""What people type, and the day it means when typed on Wednesday 25 November 2026."""

from datetime import date

TYPED_ON = date(2026, 11, 25)

FRENCH = """
aujourd'hui                        2026-11-25
Aujourd’hui                        2026-11-25
aujourdhui                         2026-11-25
auj.                               2026-11-25
ce jour                            2026-11-25
ce soir                            2026-11-25
tout de suite                      2026-11-25
immédiatement                      2026-11-25
demain                             2026-11-26
DEMAIN !                           2026-11-26
demain matin                       2026-11-26
pour demain                        2026-11-26
après-demain                       2026-11-27
apres demain                       2026-11-27
après demain soir                  2026-11-27
vendredi                           2026-11-27
ven.                               2026-11-27
Vendredi                           2026-11-27
ce vendredi                        2026-11-27
d'ici vendredi                     2026-11-27
d'ici à vendredi                   2026-11-27
avant vendredi                     2026-11-27
vendredi au plus tard              2026-11-27
au plus tard vendredi              2026-11-27
vendredi matin                     2026-11-27
vendredi après-midi                2026-11-27
vendredi prochain                  2026-11-27
samedi                             2026-11-28
dimanche                           2026-11-29
lundi                              2026-11-30
lundi prochain                     2026-11-30
mar                                2026-12-01
mardi                              2026-12-01
mercredi                           2026-12-02
mercredi prochain                  2026-12-02
jeudi                              2026-11-26
lundi en huit                      2026-12-07
vendredi en huit                   2026-12-04
vendredi en 8                      2026-12-04
lundi en quinze                    2026-12-14
demain en huit                     2026-12-03
vendredi de la semaine prochaine   2026-12-04
lundi de la semaine prochaine      2026-11-30
vendredi de cette semaine          2026-11-27
fin de semaine                     2026-11-27
en fin de semaine                  2026-11-27
avant la fin de la semaine         2026-11-27
cette semaine                      2026-11-27
dans la semaine                    2026-11-27
semaine prochaine                  2026-12-04
la semaine prochaine               2026-12-04
début de semaine prochaine         2026-11-30
milieu de semaine prochaine        2026-12-02
fin de semaine prochaine           2026-12-04
fin de mois                        2026-11-30
fin du mois                        2026-11-30
d'ici la fin du mois               2026-11-30
à la fin du mois                   2026-11-30
ce mois-ci                         2026-11-30
mi-mois                            2026-12-15
le mois prochain                   2026-12-31
fin du mois prochain               2026-12-31
fin de mois prochain               2026-12-31
début du mois prochain             2026-12-05
mi-mois prochain                   2026-12-15
fin novembre                       2026-11-30
fin nov.                           2026-11-30
mi-décembre                        2026-12-15
mi décembre                        2026-12-15
courant décembre                   2026-12-31
début janvier                      2027-01-05
début janv                         2027-01-05
fin février                        2027-02-28
fin février 2028                   2028-02-29
en décembre                        2026-12-31
décembre 2026                      2026-12-31
fin janvier 27                     2027-01-31
fin d'année                        2026-12-31
fin de l'année                     2026-12-31
fin de trimestre                   2026-12-31
15/12                              2026-12-15
15 / 12                            2026-12-15
le 15/12                           2026-12-15
5/1                                2027-01-05
15/12/26                           2026-12-15
15/12/2026                         2026-12-15
15.12.2026                         2026-12-15
15-12-2026                         2026-12-15
15 12 2026                         2026-12-15
2026-12-15                         2026-12-15
le 5                               2026-12-05
le5                                2026-12-05
le 25                              2026-11-25
le 31                              2026-12-31
le 1er                             2026-12-01
1er                                2026-12-01
le premier                         2026-12-01
avant le 15                        2026-12-15
le 15 prochain                     2026-12-15
le 28 courant                      2026-11-28
le 28 du mois                      2026-11-28
le 5 décembre                      2026-12-05
5 déc                              2026-12-05
5déc.                              2026-12-05
1er décembre                       2026-12-01
le premier décembre                2026-12-01
le 5 décembre 2026                 2026-12-05
5 janvier                          2027-01-05
31 août                            2027-08-31
29 février 2028                    2028-02-29
vendredi 27                        2026-11-27
lundi 30                           2026-11-30
vendredi 27 novembre               2026-11-27
lundi 30/11                        2026-11-30
mardi 1er décembre                 2026-12-01
15 du mois prochain                2026-12-15
le 15 du mois prochain             2026-12-15
dans 10 jours                      2026-12-05
dans dix jours                     2026-12-05
sous 10 jours                      2026-12-05
sous 10j                           2026-12-05
10 jours                           2026-12-05
10j                                2026-12-05
30 jours                           2026-12-25
dans quinze jours                  2026-12-10
dans 8 jours                       2026-12-03
sous huitaine                      2026-12-03
sous quinzaine                     2026-12-10
une quinzaine de jours             2026-12-10
dans une dizaine de jours          2026-12-05
d'ici une semaine                  2026-12-02
dans une semaine                   2026-12-02
dans 2 semaines                    2026-12-09
dans deux semaines                 2026-12-09
3 sem                              2026-12-16
dans un mois                       2026-12-25
d'ici un mois                      2026-12-25
dans 3 mois                        2027-02-25
48h                                2026-11-27
sous 48 heures                     2026-11-27
sous 24h                           2026-11-26
j+10                               2026-12-05
J + 10                             2026-12-05
j+10 jours                         2026-12-05
+10 jours                          2026-12-05
virement vendredi                  2026-11-27
vers le 10 décembre                2026-12-10
30 jours fin de mois               2026-12-31
30j fdm                            2026-12-31
à 45 jours fin de mois             2027-01-31
45 fdm                             2027-01-31
30 jours fin de mois le 10         2027-01-10
45 fdm le 10                       2027-02-10
30 jours nets                      2026-12-25
dans la journée                    2026-11-25
en fin de journée                  2026-11-25
au 15                              2026-12-15
jusqu'au 15                        2026-12-15
au 15 décembre                     2026-12-15
dernier jour du mois               2026-11-30
le 30 novembre prochain            2026-11-30
semaine 49                         2026-12-04
S49                                2026-12-04
début semaine 50                   2026-12-07
fin S50                            2026-12-11
S3                                 2027-01-22
"""

ENGLISH = """
today                              2026-11-25
tonight                            2026-11-25
asap                               2026-11-25
tomorrow                           2026-11-26
Tomorrow morning                   2026-11-26
the day after tomorrow             2026-11-27
friday                             2026-11-27
Fri                                2026-11-27
by Friday                          2026-11-27
on friday                          2026-11-27
this friday                        2026-11-27
next friday                        2026-11-27
before friday                      2026-11-27
friday at the latest               2026-11-27
friday afternoon                   2026-11-27
friday next week                   2026-12-04
next week friday                   2026-12-04
friday week                        2026-12-04
a week from friday                 2026-12-04
a week tomorrow                    2026-12-03
end of week                        2026-11-27
end of the week                    2026-11-27
eow                                2026-11-27
next week                          2026-12-04
early next week                    2026-11-30
end of month                       2026-11-30
by the end of the month            2026-11-30
eom                                2026-11-30
this month                         2026-11-30
next month                         2026-12-31
end of next month                  2026-12-31
the 15th of next month             2026-12-15
mid December                       2026-12-15
early January                      2027-01-05
late January                       2027-01-31
end of November                    2026-11-30
beginning of March                 2027-03-05
mar                                2027-03-31
end of year                        2026-12-31
end of quarter                     2026-12-31
15 Dec                             2026-12-15
15 December                        2026-12-15
15th December 2026                 2026-12-15
December 5th                       2026-12-05
Dec 5                              2026-12-05
December 15                        2026-12-15
december 2026                      2026-12-31
Dec 5, 2026                        2026-12-05
the 5th of December                2026-12-05
first of december                  2026-12-01
the 5th                            2026-12-05
5th                                2026-12-05
the 28th of this month             2026-11-28
Friday, November 27                2026-11-27
friday 27th                        2026-11-27
12/05                              2027-05-12
12/25                              2026-12-25
12/25/2026                         2026-12-25
2026-12-15                         2026-12-15
in 10 days                         2026-12-05
in ten days                        2026-12-05
within 10 days                     2026-12-05
10 days from now                   2026-12-05
10 days from today                 2026-12-05
d+10                               2026-12-05
in a week                          2026-12-02
within a week                      2026-12-02
in a week's time                   2026-12-02
in two weeks                       2026-12-09
in two weeks' time                 2026-12-09
a fortnight                        2026-12-09
in a month                         2026-12-25
in 3 months                        2027-02-25
48 hours                           2026-11-27
30 days end of month               2026-12-31
45 days eom                        2027-01-31
end of day                         2026-11-25
last day of the month              2026-11-30
week 49                            2026-12-04
"""

REFUSED = """
hier                               past
avant-hier                         past
vendredi dernier                   past
lundi passé                        past
vendredi d'avant                   past
lundi précédent                    past
la semaine passée                  past
il y a 3 jours                     past
3 days ago                         past
le 12 du mois dernier              past
la semaine dernière                past
yesterday                          past
last friday                        past
15/11                              past
15/11/2026                         past
2020-01-01                         past
le 15 du mois                      past
15 novembre                        past
fin octobre                        past
lundi de cette semaine             past
lundi 31                           weekday_mismatch
vendredi 28 novembre               weekday_mismatch
mardi 2026-12-16                   weekday_mismatch
5                                  not_a_date
31/02/2027                         no_such_day
31/11                              no_such_day
30 février                         no_such_day
2027-02-30                         no_such_day
31/13                              not_a_date
40/11                              not_a_date
31/04                              no_such_day
29/02                              no_such_day
00/12                              not_a_date
45/13                              not_a_date
le 32                              not_a_date
le 0                               not_a_date
15 décembre 0000                   not_a_date
fin décembre 0000                  not_a_date
dans 10 jours ouvrés               not_a_date
10                                 not_a_date
bientôt                            not_a_date
dès que possible                   not_a_date
on verra                           not_a_date
vendredi ou samedi                 not_a_date
vendredi 1500                      not_a_date
la moitié                          not_a_date
1 500 €                            not_a_date
soon                               not_a_date
semaine 46                         past
semaine 54                         not_a_date
"""


def table(text: str) -> list[tuple[str, str]]:
    rows = (line.rsplit(maxsplit=1) for line in text.strip().splitlines())
    return [(phrase.rstrip(), meaning) for phrase, meaning in rows]
