"""What a synthetic cohort is made of: names, sites, departments, skills, sentences.

Given and family names are combined at random across languages, so that a full name belongs
to nobody. Lists are ordered by popularity, the most common first.
"""

# ruff: noqa: RUF001  (letters beyond ASCII are the point)
from __future__ import annotations

from typing import Final, NamedTuple


class Site(NamedTuple):
    """A place of work, its zone, and the languages people there may speak besides English."""

    name: str
    zone: str
    languages: tuple[str, ...]


class Department(NamedTuple):
    """A department: its teams, its jobs, and the areas its skills come from."""

    name: str
    teams: tuple[str, ...]
    jobs: tuple[str, ...]
    areas: tuple[str, ...]


GIVEN_NAMES: Final = (
    "Amara", "Anaïs", "Anders", "Aoife", "Aylin", "Bartosz", "Beatriz", "Björn", "Camila",
    "Chidi", "Chloé", "Dagný", "Daniel", "Deepa", "Diego", "Elif", "Emeka", "Eszter", "Farah",
    "Femi", "Fiona", "Françoise", "Georgios", "Greta", "Hana", "Håkon", "Hiroshi", "Ibrahim",
    "Inês", "Ingrid", "İpek", "Jakub", "Jana", "João", "Jun", "Kaisa", "Katarzyna", "Kwame",
    "Lars", "Laila", "Lena", "Līga", "Łukasz", "Magdalena", "Małgorzata", "Marek", "María",
    "Mehmet", "Mei", "Minh", "Nadia", "Nikhil", "Niamh", "Noor", "Oksana", "Olumide", "Øyvind",
    "Paolo", "Petra", "Priya", "Quentin", "Rania", "Renée", "Rohan", "Sacha", "Sanjay", "Satu",
    "Sébastien", "Siân", "Sofía", "Šárka", "Tamás", "Thandi", "Thảo", "Tomás", "Uma", "Václav",
    "Wanjiru", "Wei", "Yara", "Yūki", "Zeynep", "Zoë", "Žofia", "Ольга", "Δήμητρα", "さくら",
)  # fmt: skip

FAMILY_NAMES: Final = (
    "Abebe", "Adeyemi", "Agarwal", "Åkesson", "Almeida", "Andersen", "Baptista", "Bauer",
    "Bianchi", "Çelik", "Chaudhary", "Chen", "Costa", "Çınar", "Demir", "Dlamini", "Dubois",
    "Eriksson", "Fernández", "Ferreira", "Fischer", "Fjeld", "Gagnon", "García", "Grünwald",
    "Gutiérrez", "Haddad", "Halvorsen", "Hansen", "Horváth", "Ibarra", "Ito", "Jansen",
    "Jónsdóttir", "Kamau", "Kaur", "Kim", "Kovács", "Kowalczyk", "Kučera", "Kumar", "Laine",
    "Lefèvre", "Li", "Lindqvist", "Mäkinen", "Martins", "Mensah", "Meyer", "Moreau", "Müller",
    "Muñoz", "Nakamura", "Nguyễn", "Nieminen", "Novák", "Núñez", "O’Brien", "Okafor", "Okonkwo",
    "Ødegård", "Özdemir", "Papadopoulos", "Park", "Patel", "Pereira", "Popescu", "Rahman", "Rao",
    "Rossi", "Sánchez", "Santos", "Schäfer", "Şahin", "Silva", "Sørensen", "Świątek", "Szabó",
    "Tanaka", "Tremblay", "Trần", "van den Berg", "Vargas", "Virtanen", "Weiß", "Wójcik",
    "Yamamoto", "Yıldız", "Zawadzki", "Želazny", "Коваленко", "高橋",
)  # fmt: skip

SITES: Final = (
    Site("Berlin", "Europe/Berlin", ("German", "Turkish", "Polish")),
    Site("London", "Europe/London", ("French", "Polish", "Urdu")),
    Site("Oslo", "Europe/Oslo", ("Norwegian", "Swedish", "Danish")),
    Site("Lisbon", "Europe/Lisbon", ("Portuguese", "Spanish")),
    Site("Toronto", "America/Toronto", ("French", "Mandarin", "Punjabi")),
    Site("Bengaluru", "Asia/Kolkata", ("Hindi", "Kannada", "Tamil")),
    Site("Kraków", "Europe/Warsaw", ("Polish", "Ukrainian", "German")),
    Site("São Paulo", "America/Sao_Paulo", ("Portuguese", "Spanish")),
    Site("Austin", "America/Chicago", ("Spanish", "Vietnamese")),
    Site("Singapore", "Asia/Singapore", ("Mandarin", "Malay", "Tamil")),
)

DEPARTMENTS: Final = (
    Department("Engineering", ("Platform", "Payments", "Mobile", "Web"),
               ("software engineer", "backend developer", "site reliability engineer",
                "test engineer"), ("software", "software", "data")),
    Department("Sales", ("Enterprise Sales", "Partner Sales", "Customer Success"),
               ("account manager", "sales representative", "customer success manager"),
               ("commercial", "commercial", "people")),
    Department("Operations", ("Logistics", "Procurement", "Quality"),
               ("operations specialist", "buyer", "process manager"),
               ("operations", "operations", "finance")),
    Department("Data", ("Analytics", "Data Platform", "Data Science"),
               ("data analyst", "data engineer", "data scientist"),
               ("data", "data", "software")),
    Department("Product", ("Product Management", "User Experience"),
               ("product manager", "product designer", "user researcher"),
               ("product", "design", "data")),
    Department("Finance", ("Controlling", "Accounting"),
               ("financial analyst", "accountant", "controller"),
               ("finance", "finance", "data")),
    Department("Marketing", ("Brand", "Growth"),
               ("marketing manager", "content editor", "growth analyst"),
               ("marketing", "marketing", "design")),
    Department("People", ("Recruiting", "Learning"),
               ("recruiter", "people partner", "learning designer"),
               ("human resources", "human resources", "people")),
)  # fmt: skip

# By area: each skill, and how somebody would describe it without naming it.
SKILLS: Final[dict[str, dict[str, str]]] = {
    "people": {
        "leadership": "leading a team through good and bad weeks",
        "public speaking": "speaking on a stage without notes",
        "giving feedback": "telling colleagues honestly what I see",
        "stakeholder management": "keeping many interests on one course",
        "presentation skills": "slides that carry one thought each",
        "coaching": "asking questions instead of giving answers",
        "time management": "protecting hours for the work that counts",
        "conflict resolution": "calming arguments between colleagues",
        "delegation": "handing over work and letting go of it",
        "facilitation": "workshops in which everybody gets a word in",
        "decision making": "choosing well while much is unknown",
        "career planning": "finding out where to go next",
        "writing": "short texts that busy people read",
        "cross-cultural communication": "working across continents and customs",
        "networking": "getting to know people outside the own department",
        "mentoring": "helping newcomers to find their feet",
    },
    "software": {
        "Python": "small services and scripts that tidy up after others",
        "SQL": "questions to a relational database",
        "JavaScript": "pages that react while you type",
        "Java": "long-lived services on the virtual machine",
        "Docker": "images that run the same everywhere",
        "Kubernetes": "running services on a cluster",
        "Git": "branches, merges and a readable history",
        "testing": "tests that find faults before customers do",
        "AWS": "renting computers by the second",
        "TypeScript": "types for code in the browser",
        "React": "interfaces built from components",
        "C#": "desktop and server programs for Windows",
        "system design": "drawing boxes that survive ten times the load",
        "CI/CD": "pipelines from commit to release",
        "Linux": "servers, shells and permissions",
        "C++": "code where every microsecond counts",
        "Go": "concurrent network services",
        "Terraform": "infrastructure written down as code",
        "security": "threat models and safe defaults",
        ".NET": "frameworks around the common language runtime",
        "Kotlin": "apps for Android phones",
        "Rust": "memory safety without a collector",
        "C": "firmware for small devices",
    },
    "data": {
        "SQL": "questions to a relational database",
        "Python": "notebooks that other people can run again",
        "machine learning": "models that learn from labeled examples",
        "data visualization": "charts that answer the question at a glance",
        "statistics": "telling a signal from chance",
        "Power BI": "dashboards that managers open on Monday",
        "Excel": "spreadsheets with pivot tables and few errors",
        "data modeling": "tables and keys that fit the business",
        "experiment design": "trials with a control group",
        "dbt": "transformations in the warehouse under version control",
        "Spark": "jobs over more rows than one machine holds",
        "forecasting": "predicting next quarter from past ones",
        "R": "statistical analyses with reproducible reports",
        "natural language processing": "making sense of free text",
        "data governance": "who may see which record, and why",
    },
    "product": {
        "product strategy": "deciding what not to build",
        "roadmapping": "plans for the next three quarters",
        "user research": "listening to customers before building",
        "agile": "short iterations with honest retrospectives",
        "prioritization": "putting a long list of wishes in order",
        "Scrum": "sprints, reviews and a living backlog",
        "product analytics": "funnels, cohorts and retention",
        "storytelling": "telling a plan as a story",
        "pricing": "what customers pay, and for what",
    },
    "design": {
        "UX design": "flows that need no manual",
        "Figma": "clickable mock-ups",
        "usability testing": "watching people struggle, kindly",
        "accessibility": "screens that work for everybody, also by keyboard",
        "design systems": "components shared by all products",
        "prototyping": "trying an idea within a day",
        "information architecture": "menus in which things are found",
        "visual design": "type, color and space",
    },
    "finance": {
        "Excel": "spreadsheets with pivot tables and few errors",
        "budgeting": "the yearly plan and its monthly surprises",
        "financial modeling": "scenarios for investments",
        "forecasting": "predicting next quarter from past ones",
        "controlling": "comparing what was planned with what happened",
        "accounting": "closing the books in three days",
        "risk management": "what could go wrong, and what it would cost",
        "IFRS": "international reporting standards",
        "audit": "evidence that survives questions",
    },
    "operations": {
        "project management": "milestones, budgets and risks of large undertakings",
        "process improvement": "removing steps that help nobody",
        "supply chain": "goods on their way around the world",
        "lean": "less waste and shorter queues",
        "vendor management": "contracts with suppliers, and what follows them",
        "procurement": "tenders and purchase orders",
        "quality management": "complaints and their root causes",
        "SAP": "orders and stock in one large system",
        "logistics": "warehouses, routes and carriers",
        "Six Sigma": "measuring variation before reducing it",
    },
    "commercial": {
        "negotiation": "deals that both sides keep",
        "account management": "looking after the largest customers",
        "CRM": "a tidy record of every contact",
        "consultative selling": "understanding a problem before offering something",
        "lead generation": "finding the next customers",
        "customer interviews": "conversations about what customers try to do",
        "contract drafting": "clauses that lawyers and customers accept",
        "pricing": "what customers pay, and for what",
    },
    "marketing": {
        "content marketing": "articles that people look for",
        "social media": "campaigns in feeds and communities",
        "SEO": "being found by search engines",
        "brand strategy": "what the name should stand for",
        "copywriting": "headlines and the lines below them",
        "market research": "surveys and what they hide",
        "event planning": "fairs and conferences that run on time",
        "email campaigns": "newsletters that are opened",
    },
    "human resources": {
        "recruiting": "interviews that are fair and tell something",
        "onboarding": "the first ninety days of newcomers",
        "employee relations": "hard conversations at work",
        "change management": "bringing people along when everything moves",
        "learning design": "courses that change what people do",
        "people analytics": "numbers about teams, used with care",
        "employment law": "rules about contracts and leave",
        "diversity and inclusion": "teams in which everybody belongs",
        "compensation": "pay bands that can be explained",
    },
}

# What many want, whatever their department: the most wanted first.
WANTED: Final = (
    "leadership", "public speaking", "Python", "machine learning", "negotiation",
    "stakeholder management", "SQL", "project management", "giving feedback", "career planning",
    "data visualization", "presentation skills", "product strategy", "coaching", "Kubernetes",
    "change management", "UX design", "budgeting", "system design", "writing",
)  # fmt: skip

INTERESTS: Final = (
    "hiking", "cooking", "running", "reading", "travel", "music", "cycling", "photography",
    "football", "gardening", "board games", "yoga", "climbing", "film", "swimming", "chess",
    "knitting", "sailing", "volunteering", "theater", "bird watching", "pottery", "skiing",
    "choir singing", "astronomy",
)  # fmt: skip

AMBITIONS: Final = (
    "lead a small team", "run a project of my own", "change to another department",
    "present my work to customers", "become the one whom others ask", "prepare for my next job",
    "take decisions with more confidence", "teach others what I know", "work with other sites",
)  # fmt: skip

GOAL_SENTENCES: Final = (
    "I would like to get better at {goal}, in particular at {topic}.",
    "My next step is {goal}: so far I have only watched others at it.",
    "I keep meeting {topic} in my work and want to understand {goal} properly.",
    "I want to go from the basics of {goal} to using it every week.",
    "Above all I hope to learn about {topic}.",
)

GOAL_ENDINGS: Final = (
    "In a year I want to {ambition}.",
    "It would help me to {ambition}.",
    "My manager and I agreed that I should {ambition}.",
    "",
)

WORK_SENTENCES: Final = (
    "I work as {a_job} in {team}, based in {site}.",
    "{team} in {site} has been my team for a while; I am {a_job} there.",
    "I joined {department} as {a_job} and now belong to {team}.",
)

SKILL_SENTENCES: Final = (
    "Most of my days go into {topic}.",
    "Colleagues ask me about {topic}.",
    "I know my way around {skill} and enjoy {topic}.",
    "Over the years I have learned a lot about {skill}.",
    "What I like most about my work is {topic}.",
)

FREE_TIME_SENTENCES: Final = (
    "In my free time I enjoy {interest}.",
    "Outside work I like {interest}.",
    "Away from my desk it is mostly {interest}.",
    "",
)
