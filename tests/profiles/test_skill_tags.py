"""Tags as people type them: which are one skill and which are not, checked by hand."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest

from matchkit import resolve_skills

TAGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "mentor_tags.csv"

TOGETHER = """
frontend | front-end | front end | Front-End Development
backend | back-end | back end
fullstack | full-stack | full stack
c# | c-sharp | csharp | C Sharp
c++ | cpp | C plus plus
reactjs | react | react.js | React JS
react native | react-native | ReactNative
nodejs | node.js | node | Node JS
vuejs | vue | vue.js
nextjs | next.js | Next JS
nestjs | nest.js
electron.js | electron | electronjs
javascript | js | java script | JavaScript (ES6) | vanilla js
typescript | ts | type script
python | py | Python 3 | python3 | Python 3.11
golang | go | Go programming
ruby on rails | rails | ror | RubyOnRails
.net | dotnet | .NET Core | dotnet core | .netcore | dot net | .NET 8
asp.net | aspnet | asp.net core
objc | objective-c | Objective C
php | modern php | PHP 8
html | html5
css | css3
angular | angular2 | Angular 15
angularjs | angular.js
xamarin | xamarin.forms | xamarin forms
d3js | d3 | d3.js
express | expressjs | Express.js
graphql | GraphQL | graph ql
sql server | mssql | sql servers | MS SQL Server | SQL Server 2019
tsql | t-sql | transact-sql
postgresql | postgres | psql | PostgreSQL 15
mongodb | mongo | mongo db
database | databases | db
k8s | kubernetes | Kubernetes
docker | Docker containers
aws | amazon web services | Amazon AWS
azure | microsoft azure | ms azure
gcp | google cloud platform | google cloud
ci/cd | cicd | CI-CD | continuous integration
devops | dev ops | DevOps
rest | restapi | REST API | RESTful APIs | rest apis
api-design | api design | API | apis
microservices | micro services | microservice architecture
a11y | accessibility | web accessibility
i18n | internationalization | internationalisation
ux | user experience | UX design | user experience design
ui | user interface | UI design
ux/ui | ui/ux | UX & UI
design systems | design system
data structures | data structure
algorithms | algorithm
distributed systems | distributed system
fp | functional programming
oop | object-oriented programming | object oriented programming
tdd | test-driven development | test driven development
ddd | domain driven design | domain-driven design
opensource | open source | open-source
gamedev | game development | game dev
web | web development | web dev | web-development | websitedevelopment
sysadmin | system administration | systems administration
command line | bash | shell scripting
ecommerce | e-commerce | e commerce
start-ups | startups | entrepreneurship
software-design | software design | software architecture
speaking | public speaking | speaker | speaking in public
podcast | podcasts | podcasting
remote work | working remotely | remote working
career | career advice | career development
interviews | job interviews | interviewing
teamwork | team work | collaboration
ml | machine learning | machine-learning | Machine Learning
ai | artificial intelligence
nlp | natural language processing
excel | MS Excel | Microsoft Excel 2016 | advanced excel
power bi | powerbi | Microsoft Power BI
project management | project mgmt | managing projects | projektledning | Projektmanagement
people management | people mgmt | managing people | Mitarbeiterführung
leadership | ledarskap | ledelse | Führung | liderazgo | leadership skills
negotiation | negotiating | negotiation skills | Verhandlung
communication | communication skills | comms | Kommunikation
data visualization | data visualisation | dataviz | data viz
hr | human resources | recursos humanos
seo | search engine optimization | search engine optimisation
stakeholder management | managing stakeholders | stakeholder mgmt
time management | time mgmt | Zeitmanagement
change management | change mgmt | managing change
l&d | learning and development | L & D
p&l | P&L management | profit and loss
m&a | mergers and acquisitions | mergers & acquisitions
okr | OKRs | objectives and key results
"""

APART = """
java | javascript
c | c#
c | c++
c++ | c#
react | react native
react | redux
go | django
angular | angularjs
vue | nuxt
node | deno
.net | asp.net
net | .net
sql | nosql
sql | mysql
mysql | postgresql
sql | sql server
html | css
css | sass
php | python
ruby | rust
scala | scalability
swift | swot analysis
kotlin | k8s
docker | docker compose
aws | azure
aws | ibm cloud
cloud | ibm cloud
git | github
github | gitlab
frontend | backend
backend | fullstack
ux | ui
design | design systems
design | design thinking
data science | data engineering
data structures | data science
machine learning | deep learning
ai | ml
testing | test-driven development
unit testing | unity
management | project management
project management | product management
project management | program management
product management | product design
people management | project management
leadership | management
marketing | market research
marketing | digital marketing
accounting | account management
networking | computer networks
coaching | mentoring
teaching | training
writing | copywriting
finance | financial analysis
sales | salesforce
excel | power bi
word | wordpress
web | web3
api | apex
r | r&d
iso 9001 | iso 27001
rail | rails
scale | scala
english | german
data | data literacy
performance | performance tuning
automation | test automation
platform | power platform
native | react native
markup | html
search | research
machine translation | translation
digital photography | photography
object oriented ontology | object oriented programming
legal project management | project management
"""


def lines(text: str) -> list[list[str]]:
    """Return the names on each line."""
    return [[name.strip() for name in line.split("|")] for line in text.strip().splitlines()]


@pytest.mark.parametrize("names", lines(TOGETHER), ids=lambda names: names[0])
def test_names_of_one_skill_fall_together(names: list[str]) -> None:
    """A mentee would miss the mentor who writes the same skill otherwise."""
    found = resolve_skills(names)
    assert set(found["canonical"]) == {found["canonical"][0]}, found.to_string()
    assert "unresolved" not in set(found["how"])


@pytest.mark.parametrize("names", lines(APART), ids="-".join)
def test_different_skills_stay_apart(names: list[str]) -> None:
    """A mentee would be sent to somebody who knows something else."""
    found = resolve_skills(names)["canonical"]
    assert found[0] != found[1]


def test_lists_are_as_long_as_they_should_be() -> None:
    """Deleting cases would make the lists hold."""
    assert len(lines(TOGETHER)) >= 60
    assert len(lines(APART)) >= 40
    assert {len(names) for names in lines(APART)} == {2}


def test_no_group_meets_another() -> None:
    """Two of the groups would have become one skill."""
    firsts = [names[0] for names in lines(TOGETHER)]
    canonical = resolve_skills(firsts)["canonical"].tolist()
    same = [pair for pair in combinations(zip(firsts, canonical, strict=True), 2)
            if pair[0][1] == pair[1][1]]  # fmt: skip
    assert same == []


@pytest.mark.skipif(not TAGS.exists(), reason="the tags of shared/data are not here")
def test_most_real_tags_are_known() -> None:
    """People who tag themselves in public would be understood less well."""
    with TAGS.open(encoding="utf-8", newline="") as file:
        cells = [row["skills"].split(";") for row in csv.DictReader(file)]
    tags = [tag.strip() for cell in cells for tag in cell if tag.strip()]
    found = resolve_skills(tags)
    assert (found["how"] != "unresolved").mean() >= 0.9
    distinct = found.drop_duplicates("raw")
    assert (distinct["how"] != "unresolved").mean() >= 0.7
